import {describe, expect, it} from 'vitest';
import {longestText, trimTokens} from '../../../src/model/trim-tokens.js';

const ids = (...rows: number[][]) => ({
  shape: [rows.length, rows[0]?.length ?? 0],
  data: Int32Array.from(rows.flat()),
});
const tokens = {
  ids: ids([1, 5, 6, 2, 0, 0], [1, 7, 2, 0, 0, 0]),
  end: {shape: [2], data: Int32Array.of(3, 2)},
};

describe('trimTokens', () => {
  it('cuts to the longest text, whose end token stays', () => {
    expect(longestText(tokens)).toBe(4);
    expect(trimTokens(tokens)).toEqual({ids: ids([1, 5, 6, 2], [1, 7, 2, 0]), end: tokens.end});
  });

  it('cuts to a length that is given', () => {
    expect(trimTokens(tokens, 5).ids).toEqual(ids([1, 5, 6, 2, 0], [1, 7, 2, 0, 0]));
  });

  it('leaves what it was given as it was', () => {
    trimTokens(tokens);
    expect(tokens.ids.shape).toEqual([2, 6]);
  });

  it.each([3, 7])('refuses a length of %s, which would lose an end token or invent padding', (length) => {
    expect(() => trimTokens(tokens, length)).toThrow(
      `trimTokens: expected a length of 4 to 6 tokens, got ${length}`,
    );
  });
});
