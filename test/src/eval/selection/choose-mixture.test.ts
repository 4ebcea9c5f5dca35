import {describe, expect, it} from 'vitest';
import {
  chooseMixture,
  mean,
  mixtureShares,
  usualShare,
  type MixtureScores,
} from '../../../../src/eval/selection/choose-mixture.js';

const mixture = (share: number, scores: readonly number[]): MixtureScores => ({
  share,
  scores: Float64Array.from(scores),
});

describe('chooseMixture', () => {
  it('takes the trained weights where every held-out image is better with them', () => {
    const candidates = [mixture(0, [-4, -5, -4]), mixture(0.5, [-3, -3, -3]), mixture(1, [-1, -2, -1])];
    expect(chooseMixture(candidates).share).toBe(1);
  });

  it('stays at the start where training made nothing better', () => {
    const candidates = [mixture(0, [-1, -1, -1]), mixture(0.5, [-2, -1.5, -2]), mixture(1, [-4, -3, -4])];
    expect(chooseMixture(candidates).share).toBe(0);
  });

  it('takes the largest share where nothing can be told apart', () => {
    const same = [-1, -2];
    expect(chooseMixture(mixtureShares.map((share) => mixture(share, same))).share).toBe(usualShare);
    expect(chooseMixture([mixture(0.3, same), mixture(0.15, same)]).share).toBe(0.3);
  });

  it('leaves the best for a larger share within one standard error of the paired differences', () => {
    // behind the best by 0.1 in the mean; the differences are 0.4, -0.2, 0.1, 0.1: standard error 0.12
    const best = mixture(0.6, [-1, -1, -1, -1]);
    const near = mixture(1, [-1.4, -0.8, -1.1, -1.1]);
    expect(chooseMixture([mixture(0, [-9, -9, -9, -9]), best, near]).share).toBe(1);
    // the same mean distance without spread is beyond the error of 0
    const beyond = mixture(1, [-1.1, -1.1, -1.1, -1.1]);
    expect(chooseMixture([mixture(0, [-9, -9, -9, -9]), best, beyond]).share).toBe(0.6);
  });
});

describe('mean', () => {
  it('is the sum over the count, and no number for nothing', () => {
    expect(mean([1, 2, 6])).toBe(3);
    expect(mean([])).toBeNaN();
  });
});
