import {describe, expect, it} from 'vitest';
import {relativePositionIndex, relativePositionRows} from '../../../src/model/relative-position.js';

describe.each([
  [1, 1],
  [2, 3],
  [3, 2],
  [7, 7],
])('on a grid of %d x %d', (rows, columns) => {
  const grid = {rows, columns};
  const tokens = rows * columns + 1;
  const index = relativePositionIndex(grid);
  const at = (query: number, key: number) => index[query * tokens + key]!;
  const place = (patch: number) => [Math.floor(patch / columns), patch % columns] as const;

  it('two pairs of patches share an entry just when they share an offset', () => {
    const byOffset = new Map<string, number>();
    for (let query = 0; query < tokens - 1; query++) {
      for (let key = 0; key < tokens - 1; key++) {
        const [[y, x], [v, u]] = [place(query), place(key)];
        const offset = `${y - v},${x - u}`;
        expect(at(query + 1, key + 1)).toBe(byOffset.get(offset) ?? at(query + 1, key + 1));
        byOffset.set(offset, at(query + 1, key + 1));
      }
    }
    expect(new Set(byOffset.values()).size).toBe(byOffset.size);
    expect(byOffset.size).toBe((2 * rows - 1) * (2 * columns - 1));
  });

  it('every entry of the table is used, the last three by the class token alone', () => {
    const size = relativePositionRows(grid);
    expect(new Set(index).size).toBe(size);
    expect(Math.max(...index)).toBe(size - 1);
    expect(at(0, 0)).toBe(size - 1);
    for (let patch = 1; patch < tokens; patch++) {
      expect([at(0, patch), at(patch, 0)]).toEqual([size - 3, size - 2]);
    }
  });
});
