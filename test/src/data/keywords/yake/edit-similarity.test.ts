import fc from 'fast-check';
import {expect, it} from 'vitest';
import {editSimilarity} from '../../../../../src/data/keywords/yake/edit-similarity.js';

/** The definition, by recursion. */
function distance(a: string, b: string): number {
  if (a === '' || b === '') return a.length + b.length;
  const [restA, restB] = [a.slice(1), b.slice(1)];
  if (a[0] === b[0]) return distance(restA, restB);
  return 1 + Math.min(distance(restA, b), distance(a, restB), distance(restA, restB));
}

it('is one minus the share of letters that must be edited', () => {
  expect(editSimilarity('kitten', 'sitting')).toBeCloseTo(1 - 3 / 7, 12);
  expect(editSimilarity('', '')).toBe(1);
  expect(editSimilarity('🌊', 'a🌊')).toBe(0.5);
  const short = fc.string({unit: fc.constantFrom('a', 'b', 'c'), maxLength: 6});
  fc.assert(
    fc.property(short, short, (a, b) => {
      const longer = Math.max(a.length, b.length);
      expect(editSimilarity(a, b)).toBe(longer === 0 ? 1 : 1 - distance(a, b) / longer);
    }),
  );
});
