import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {numberCounts} from '../../../../src/data/stats/number-counts.js';

const counted = (values: readonly number[]) => {
  const counts = numberCounts();
  for (const value of values) counts.add(value);
  return counts;
};

describe('numberCounts', () => {
  it('agrees with a sorted list, and its bars hold every value once', () => {
    const values = fc.array(fc.oneof(fc.nat(30), fc.nat(100_000)), {minLength: 1, maxLength: 80});
    fc.assert(
      fc.property(values, fc.integer({min: 1, max: 30}), (list, most) => {
        const sorted = [...list].sort((a, b) => a - b);
        const at = (share: number) => sorted[Math.ceil(share * sorted.length) - 1];
        const {summary, bins} = {summary: counted(list).summary()!, bins: counted(list).bins(most)};
        expect([summary.least, summary.median, summary.p95, summary.most]).toEqual([
          sorted[0],
          at(0.5),
          at(0.95),
          sorted.at(-1),
        ]);
        expect(summary.mean).toBeCloseTo(list.reduce((a, b) => a + b, 0) / list.length, 6);
        expect(bins.length).toBeLessThanOrEqual(most);
        expect(bins.reduce((sum, {count}) => sum + count, 0)).toBe(list.length);
        for (const {from, to, count, isOpen} of bins) {
          if (!isOpen) expect(count).toBe(list.filter((value) => value >= from && value < to).length);
        }
      }),
    );
  });

  it('puts a long tail into the last bar', () => {
    const bins = counted([...Array(100).keys(), 100_000]).bins(10);
    expect(bins.at(-1)).toMatchObject({isOpen: true, count: 1});
    expect(bins.at(-1)!.to).toBeLessThan(300);
  });

  it('of nothing has no summary and no bars', () => {
    expect([counted([]).summary(), counted([]).bins(5)]).toEqual([null, []]);
  });
});
