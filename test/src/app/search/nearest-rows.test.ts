import {describe, expect, it} from 'vitest';
import {nearestRows} from '../../../../src/app/search/nearest-rows.js';
import {unitRows} from '../../../reference/matrix.js';
import {expectClose} from '../../../support/expect-close.js';
import {randomMatrix} from '../../../support/random-features.js';

const [query] = unitRows(randomMatrix(1, 6, 31));
const rows = randomMatrix(500, 6, 32);
const flat = (part: readonly (readonly number[])[]) => Float32Array.from(part.flat());

/** By sorting everything. */
function sorted(top: number): {row: number; score: number}[] {
  return unitRows(rows)
    .map((row, i) => ({row: i, score: row.reduce((sum, value, k) => sum + value * query![k]!, 0)}))
    .sort((a, b) => b.score - a.score || a.row - b.row)
    .slice(0, top);
}

describe('nearestRows', () => {
  it.each([1, 7, 499, 600])('finds the %d nearest of all, as sorting them does', (top) => {
    const nearest = nearestRows(query!, top);
    nearest.see(0, 0, flat(rows));
    const expected = sorted(top);
    expect(nearest.found().map(({row}) => row)).toEqual(expected.map(({row}) => row));
    expectClose(
      nearest.found().map(({score}) => score),
      expected.map(({score}) => score),
    );
  });

  it('does not depend on how the rows are cut into blocks and shards', () => {
    const whole = nearestRows(query!, 9);
    whole.see(0, 0, flat(rows));
    const parts = nearestRows(query!, 9);
    for (let start = 0; start < 300; start += 70) {
      parts.see(0, start, flat(rows.slice(start, Math.min(start + 70, 300))));
    }
    parts.see(1, 0, flat(rows.slice(300)));
    const numbered = parts.found().map(({shard, row, score}) => ({shard: 0, row: row + 300 * shard, score}));
    expect(numbered).toEqual(whole.found());
  });

  it('puts the first of several that are equal in front, and a row of zeros last but one that is opposite', () => {
    const nearest = nearestRows([1, 0], 4);
    nearest.see(0, 0, Float32Array.of(-1, 0, 0, 0, 2, 0, 5, 0));
    expect(nearest.found()).toEqual([
      {shard: 0, row: 2, score: 1},
      {shard: 0, row: 3, score: 1},
      {shard: 0, row: 1, score: 0},
      {shard: 0, row: 0, score: -1},
    ]);
  });
});
