import {describe, expect, it} from 'vitest';
import {bestOf, ratios, spread, spreadText} from '../../bench/support/spread.js';

describe('figures over rounds', () => {
  it('a spread is the median and the range', () => {
    expect(spread([3, 1, 2])).toEqual({median: 2, low: 1, high: 3});
    expect(spread([4, 1, 2, 3])).toEqual({median: 2.5, low: 1, high: 4});
    expect(() => spread([])).toThrow('spread: expected values, got none');
  });

  it('ratios are taken round by round, so that a drift of both sides leaves them alone', () => {
    expect(ratios([2, 4, 8], [1, 2, 4])).toEqual([2, 2, 2]);
    expect(() => ratios([1], [1, 2])).toThrow('ratios: expected as many rounds of both, got 1 and 2');
  });

  it('the best is chosen anew in each round', () => {
    expect(
      bestOf([
        [1, 5],
        [2, 3],
      ]),
    ).toEqual([2, 5]);
  });

  it('is written as median and range', () => {
    expect(spreadText({median: 1.8449, low: 1.8, high: 1.913}, 2)).toBe('1.84 (1.80-1.91)');
  });
});
