import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {fewShotSplit, type FewShotRequest, type SplitRow} from '../../../src/data/few-shot-split.js';
import {labelSplit} from '../../../src/data/label-split.js';

const row = fc.record({group: fc.constantFrom(...'abcdefgh'), label: fc.constantFrom('x', 'y', 'z', null)});
const rows = fc.array(row, {minLength: 1, maxLength: 40});
const requests: fc.Arbitrary<FewShotRequest> = fc.record({
  take: fc.oneof(
    fc.record({ratio: fc.double({min: 0, max: 1, noNaN: true})}),
    fc.record({shots: fc.integer({min: 1, max: 6})}),
  ),
  stratified: fc.boolean(),
  seed: fc.nat(0xffffffff),
});
const alone = (labels: readonly (string | null)[]): SplitRow[] =>
  labels.map((label, i) => ({group: String(i), label}));

describe('fewShotSplit', () => {
  it('chooses the subset of S-CLIP where every row is a group of its own', () => {
    fc.assert(
      fc.property(
        fc.integer({min: 1, max: 300}),
        fc.double({min: 0, max: 1, noNaN: true}),
        fc.nat(5),
        (n, ratio, seed) => {
          const flags = fewShotSplit(alone(Array.from({length: n}, () => null)), {
            take: {ratio},
            stratified: false,
            seed,
          });
          const chosen = flags.flatMap((flag, i) => (flag ? [i] : []));
          expect(chosen).toEqual([...labelSplit(n, ratio, seed).labelled].sort((a, b) => a - b));
        },
      ),
    );
  });

  it('never parts a group, and is a function of its arguments', () => {
    fc.assert(
      fc.property(rows, requests, (list, request) => {
        const flags = fewShotSplit(list, request);
        const byGroup = new Map<string, Set<boolean>>();
        list.forEach(({group}, i) => byGroup.set(group, (byGroup.get(group) ?? new Set()).add(flags[i]!)));
        expect([...byGroup.values()].every((values) => values.size === 1)).toBe(true);
        expect(fewShotSplit(list, request)).toEqual(flags);
      }),
    );
  });

  it('takes exactly so many of each class, or all there are', () => {
    const labels = fc.array(fc.constantFrom('x', 'y', 'z', null), {minLength: 1, maxLength: 60});
    fc.assert(
      fc.property(labels, fc.integer({min: 1, max: 8}), fc.nat(), (list, shots, seed) => {
        const flags = fewShotSplit(alone(list), {take: {shots}, stratified: false, seed});
        for (const label of ['x', 'y', 'z']) {
          const there = list.filter((each) => each === label).length;
          const chosen = list.filter((each, i) => each === label && flags[i]).length;
          expect(chosen).toBe(Math.min(shots, there));
        }
        expect(list.some((each, i) => each === null && flags[i])).toBe(false);
      }),
    );
  });

  it('takes the share of every class, at least one of each', () => {
    const labels = [...Array.from({length: 50}, () => 'x'), ...Array.from({length: 10}, () => 'y'), 'z'];
    const flags = fewShotSplit(alone(labels), {take: {ratio: 0.25}, stratified: true, seed: 3});
    const count = (label: string) => labels.filter((each, i) => each === label && flags[i]).length;
    expect([count('x'), count('y'), count('z')]).toEqual([12, 2, 1]);
  });

  it('fills the shots of a class with whole groups', () => {
    const list = ['a', 'a', 'a', 'b', 'b', 'b', 'c', 'c', 'c'].map((group) => ({group, label: 'x'}));
    const flags = fewShotSplit(list, {take: {shots: 4}, stratified: false, seed: 0});
    expect(flags.filter(Boolean)).toHaveLength(6);
  });

  it('draws another subset for another seed, every row equally often', () => {
    const counts = Array.from({length: 10}, () => 0);
    for (let seed = 0; seed < 2000; seed++) {
      fewShotSplit(alone(Array.from({length: 10}, () => 'x')), {
        take: {shots: 3},
        stratified: false,
        seed,
      }).forEach((flag, i) => (counts[i]! += flag ? 1 : 0));
    }
    // 600 expected, standard deviation 20
    expect(Math.max(...counts.map((count) => Math.abs(count - 600)))).toBeLessThan(110);
  });
});
