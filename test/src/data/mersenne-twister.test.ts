import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {mersenneTwister} from '../../../src/data/mersenne-twister.js';
import {mersenneSequence} from '../../reference/mersenne-twister.js';

const take = (seed: number, count: number) => {
  const draw = mersenneTwister(seed);
  return Array.from({length: count}, draw);
};

describe('mersenneTwister', () => {
  it('gives the 10000th number that the C++ standard asks of mt19937', () => {
    expect(take(5489, 10_000).at(-1)).toBe(4123659995);
  });

  it('follows the recurrence for any seed', () => {
    fc.assert(
      fc.property(fc.nat(0xffffffff), (seed) => {
        expect(take(seed, 1300)).toEqual(mersenneSequence(seed, 1300));
      }),
      {numRuns: 20},
    );
  });
});
