import {describe, expect, it} from 'vitest';
import {uniform} from '../../../src/engine/random.js';
import {metricValue, pairedInterval, type ItemScores} from '../../../src/eval/bootstrap.js';
import {itemHalfWidth, meanScores} from '../../../src/eval/item-differences.js';
import {BugError} from '../../../src/support/errors.js';

/** n items of 1 to 3 queries; of each a share is answered, with luck that the streams of two models have in common. */
function model(n: number, rate: number, stream: number): ItemScores {
  const counts = Array.from({length: n}, (_, i) => 1 + (i % 3));
  const luck = (i: number, k: number) => (uniform(1, i, k) + uniform(2, stream, i, k)) / 2;
  const sums = counts.map(
    (count, i) => Array.from({length: count}, (_, k) => k).filter((k) => luck(i, k) < rate).length,
  );
  return {sums, counts};
}

describe('itemHalfWidth', () => {
  it('is 1.96 standard errors of a mean of differences, where each item has one query', () => {
    const before = {sums: [0, 0, 1, 1], counts: [1, 1, 1, 1]};
    const after = {sums: [1, 1, 1, 1], counts: [1, 1, 1, 1]};
    // differences 1, 1, 0, 0: variance 1/3
    expect(itemHalfWidth(before, after)).toBeCloseTo(1.96 * Math.sqrt(1 / 3 / 4), 12);
    expect(itemHalfWidth(after, before)).toBe(itemHalfWidth(before, after));
    expect(itemHalfWidth(after, after)).toBe(0);
  });

  it('is what the paired bootstrap finds, for ratios and for means over classes', () => {
    const [before, after] = [model(300, 0.4, 1), model(300, 0.55, 2)];
    const groups = Array.from({length: 300}, (_, i) => i % 5);
    for (const [one, other] of [
      [before, after],
      [
        {...before, groups},
        {...after, groups},
      ],
    ] as const) {
      const {value, ci95} = pairedInterval(one, other, {seed: 0});
      const half = itemHalfWidth(one, other);
      expect(value).toBeGreaterThan(2 * half);
      expect(half / ((ci95[1] - ci95[0]) / 2)).toBeGreaterThan(0.9);
      expect(half / ((ci95[1] - ci95[0]) / 2)).toBeLessThan(1.1);
    }
  });

  it('leaves out items without a query', () => {
    const scores = (sums: number[]): ItemScores => ({sums, counts: [1, 0, 1, 1]});
    const less = (sums: number[]): ItemScores => ({sums, counts: [1, 1, 1]});
    expect(itemHalfWidth(scores([0, 0, 1, 0]), scores([1, 0, 1, 0]))).toBeCloseTo(
      itemHalfWidth(less([0, 1, 0]), less([1, 1, 0])),
      12,
    );
  });

  it('refuses models that were asked other things', () => {
    const one: ItemScores = {sums: [1, 0], counts: [1, 1]};
    expect(() => itemHalfWidth(one, {sums: [1], counts: [1]})).toThrow(BugError);
    expect(() => itemHalfWidth(one, {sums: [1, 0], counts: [1, 2]})).toThrow(/item 1: expected 1 queries/);
  });
});

describe('meanScores', () => {
  it('is the mean of the models item by item', () => {
    const [one, other] = [model(9, 0.3, 1), model(9, 0.7, 2)];
    const both = meanScores([one, other]);
    expect(metricValue(both)).toBeCloseTo((metricValue(one) + metricValue(other)) / 2, 12);
    expect(both.counts).toBe(one.counts);
    expect(() => meanScores([])).toThrow(BugError);
  });
});
