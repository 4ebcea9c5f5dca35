import {describe, expect, it} from 'vitest';
import {uniform} from '../../../src/engine/random.js';
import {
  bootstrapInterval,
  bootstrapIntervals,
  metricValue,
  pairedInterval,
  type ItemScores,
} from '../../../src/eval/bootstrap.js';
import {BugError} from '../../../src/support/errors.js';
import {referenceInterval} from '../../reference/bootstrap.js';

const seed = 5;
const resamples = 300;
/** The draws that the implementation promises: the stream of the bootstrap is 0xb007. */
const draw = (r: number, k: number) => uniform(seed, 0xb007, r, k);

interface Item {
  readonly sum: number;
  readonly count: number;
  readonly group: number;
}
const items: Item[] = Array.from({length: 40}, (_, i) => {
  const count = 1 + (i % 5);
  return {count, sum: Math.floor(uniform(1, i) * (count + 1)), group: i % 4 === 0 ? 0 : i % 3};
});
const scores: ItemScores = {sums: items.map(({sum}) => sum), counts: items.map(({count}) => count)};
const grouped: ItemScores = {...scores, groups: items.map(({group}) => group)};

const total = (list: readonly Item[], of: 'sum' | 'count') => list.reduce((sum, item) => sum + item[of], 0);
const share = (list: readonly Item[]) => total(list, 'sum') / total(list, 'count');
const groupMean = (list: readonly Item[]) => {
  const parts = [0, 1, 2]
    .map((group) => list.filter((item) => item.group === group))
    .filter((part) => part.length > 0);
  return parts.reduce((sum, part) => sum + share(part), 0) / parts.length;
};

function hits(n: number, rate: number, stream: number): ItemScores {
  const sums = Float64Array.from({length: n}, (_, i) => (uniform(9, stream, i) < rate ? 1 : 0));
  return {sums, counts: new Float64Array(n).fill(1)};
}

describe('bootstrap intervals', () => {
  it('equal those of really drawing lists of items', () => {
    const measured = bootstrapIntervals({scores, grouped}, {seed, resamples});
    const expected = {
      scores: referenceInterval(items, share, {resamples, draw}),
      grouped: referenceInterval(items, groupMean, {resamples, draw}),
    };
    for (const name of ['scores', 'grouped'] as const) {
      measured[name].forEach((bound, k) => expect(bound).toBeCloseTo(expected[name][k]!, 12));
    }
  });

  it('are those of the binomial for single hits', () => {
    const sample = hits(400, 0.3, 1);
    const value = metricValue(sample);
    const half = 1.96 * Math.sqrt((value * (1 - value)) / 400);
    const [low, high] = bootstrapInterval(sample, {seed});
    expect(low).toBeCloseTo(value - half, 1.9);
    expect(high).toBeCloseTo(value + half, 1.9);
  });

  it('hold the truth in about 95 of 100 samples', () => {
    let held = 0;
    for (let sample = 0; sample < 200; sample++) {
      const [low, high] = bootstrapInterval(hits(100, 0.6, 100 + sample), {seed: sample, resamples: 200});
      if (low <= 0.6 && 0.6 <= high) held++;
    }
    expect(held / 200).toBeGreaterThan(0.9);
    expect(held / 200).toBeLessThan(0.99);
  });

  it('are wider when queries of one image stand and fall together', () => {
    const alone = hits(200, 0.5, 2);
    const single = bootstrapInterval({sums: alone.sums, counts: alone.counts}, {seed});
    // 200 images with 5 captions that all hit or all miss carry no more than 200 single ones
    const five = bootstrapInterval(
      {sums: Float64Array.from(alone.sums, (hit) => 5 * hit), counts: new Float64Array(200).fill(5)},
      {seed},
    );
    expect(five).toEqual(single);
  });

  it('depend on the seed and on nothing else', () => {
    expect(bootstrapInterval(scores, {seed: 1})).toEqual(bootstrapInterval(scores, {seed: 1}));
    expect(bootstrapInterval(scores, {seed: 1})).not.toEqual(bootstrapInterval(scores, {seed: 2}));
  });
});

describe('pairedInterval', () => {
  it('is exactly zero for a model against itself', () => {
    expect(pairedInterval(scores, scores, {seed})).toEqual({value: 0, ci95: [0, 0]});
  });

  it('finds a small steady gain that separate intervals cannot show', () => {
    const before = hits(300, 0.5, 4);
    // mends 15 of the wrong ones and breaks none
    let mended = 0;
    const sums = Float64Array.from(before.sums, (hit) => (hit === 0 && mended++ < 15 ? 1 : hit));
    const after = {...before, sums};
    const {value, ci95} = pairedInterval(before, after, {seed});
    expect(value).toBeCloseTo(0.05, 12);
    expect(ci95[0]).toBeGreaterThan(0.02);
    const apart = [bootstrapInterval(before, {seed}), bootstrapInterval(after, {seed})] as const;
    expect(apart[0][1]).toBeGreaterThan(apart[1][0]);
  });

  it('equals drawing pairs', () => {
    const pairs = items.map((item, i) => ({
      before: item,
      after: {...item, sum: Math.min(item.count, item.sum + (i % 2))},
    }));
    const after = {sums: pairs.map((pair) => pair.after.sum), counts: scores.counts};
    const gain = (drawn: typeof pairs) =>
      share(drawn.map((pair) => pair.after)) - share(drawn.map((pair) => pair.before));
    const expected = referenceInterval(pairs, (drawn) => gain([...drawn]), {resamples, draw});
    const {ci95} = pairedInterval(scores, after, {seed, resamples});
    ci95.forEach((bound, k) => expect(bound).toBeCloseTo(expected[k]!, 12));
  });

  it('refuses models that were measured on different numbers of items', () => {
    expect(() => pairedInterval(scores, hits(3, 0.5, 1), {seed})).toThrow(
      new BugError('pairedInterval: expected the same items in both, got 40 and 3'),
    );
  });
});

it('metricValue is hits by queries, or the mean of that over the groups', () => {
  expect(metricValue(scores)).toBeCloseTo(share(items), 12);
  expect(metricValue(grouped)).toBeCloseTo(groupMean(items), 12);
});
