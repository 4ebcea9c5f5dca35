import {describe, expect, it} from 'vitest';
import {dataSigmoidBias, optimalSigmoidBias} from '../../../src/losses/siglip-bias.js';
import {dotProducts, type Matrix} from '../../reference/matrix.js';
import {sigmoidLoss} from '../../reference/pair-objectives.js';
import {identity} from '../../reference/pair-targets.js';
import {randomFeatures} from '../../support/random-features.js';

const flatOf = (logits: Matrix, positives: Matrix) => ({logits: logits.flat(), positives: positives.flat()});

describe('optimalSigmoidBias', () => {
  it.each([1, 10, 100, 1000])('no bias beside it has a smaller loss, scale %d', (scale) => {
    const {images, texts} = randomFeatures({pairs: 8, unpaired: 1, words: 1}, scale, 141);
    const logits = dotProducts(images, texts).map((row) => row.map((cosine) => scale * cosine));
    const lossAt = (bias: number) =>
      sigmoidLoss(
        logits.map((row) => row.map((logit) => logit + bias)),
        identity(8),
      );
    const bias = optimalSigmoidBias(flatOf(logits, identity(8)));
    for (const step of [0.001, 0.1, 1, 10]) {
      expect(lossAt(bias)).toBeLessThanOrEqual(lossAt(bias + step));
      expect(lossAt(bias)).toBeLessThanOrEqual(lossAt(bias - step));
    }
  });

  it('equal logits have the bias of their odds', () => {
    // sigmoid(x + b) must be the share of positives, 1 / n
    const logits = identity(5).map((row) => row.map(() => 7));
    expect(optimalSigmoidBias(flatOf(logits, identity(5)))).toBeCloseTo(Math.log(1 / 4) - 7, 9);
    expect(dataSigmoidBias(flatOf(logits, identity(5)), 5)).toBeCloseTo(-7 - Math.log(4), 9);
  });

  it('takes several positives in a row', () => {
    const positives = [
      [1, 1, 0],
      [1, 1, 0],
      [0, 0, 1],
    ];
    const even = positives.map((row) => row.map(() => 0));
    expect(optimalSigmoidBias(flatOf(even, positives))).toBeCloseTo(Math.log(5 / 4), 9);
    expect(dataSigmoidBias(flatOf(even, positives), 3)).toBeCloseTo(-Math.log(4 / 3), 9);
  });

  it.each([
    ['one pair alone', [[1]], '1 and 0'],
    ['no pair at all', [[0, 0]], '0 and 2'],
  ])('refuses %s with one sentence', (_, positives, counts) => {
    const given = flatOf(
      positives.map((row) => row.map(() => 0.3)),
      positives,
    );
    const message = `siglip bias: expected matching and other pairs in a batch, got ${counts}`;
    expect(() => optimalSigmoidBias(given)).toThrow(message);
    expect(() => dataSigmoidBias(given, 1)).toThrow(message);
  });
});
