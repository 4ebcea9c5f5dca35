import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {contrastiveLoss} from '../../../src/losses/contrastive.js';
import {oneWayContrastiveLoss} from '../../../src/losses/one-way-contrastive.js';
import {diagonalCrossEntropy} from '../../reference/contrastive.js';
import {dotProducts, scaled} from '../../reference/matrix.js';
import {expectClose} from '../../support/expect-close.js';
import {expectLikeOracle, one, scaleFrom, toleranceAt} from '../../support/loss-oracle.js';
import {randomFeatures} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const {images, texts, queries} = randomFeatures({pairs: 5, unpaired: 3, words: 1}, 10, 61);

it.each([10, 100])(
  'value and gradients agree with float64 loops, further candidates too, scale %d',
  (scale) => {
    const candidates = [...texts.slice(1), texts[0]!, ...queries];
    expectLikeOracle({
      inputs: {images, candidates, tau: one(Math.log(scale))},
      loss: (of) => oneWayContrastiveLoss(of.images, of.candidates, scaleFrom(of.tau)),
      oracle: (of) =>
        diagonalCrossEntropy(scaled(dotProducts(of.images, of.candidates), Math.exp(of.tau[0]![0]!))),
      tolerance: toleranceAt(scale),
    });
  },
);

it('the mean of both ways is the symmetric loss', () => {
  const [both, symmetric] = inScope(() => {
    const [i, t, scale] = [tensor(images), tensor(texts), tf.scalar(10)];
    const ways = [oneWayContrastiveLoss(i, t, scale), oneWayContrastiveLoss(t, i, scale)] as const;
    return [
      tf.mul<tf.Scalar>(0.5, tf.add(...ways)).arraySync(),
      contrastiveLoss({images: i, texts: t}, scale).arraySync(),
    ];
  });
  expectClose(both, symmetric);
});

it('a single pair costs nothing', () => {
  const loss = inScope(() =>
    oneWayContrastiveLoss(tensor([[0.6, 0.8]]), tensor([[1, 0]]), tf.scalar(100)).arraySync(),
  );
  expect(loss).toBe(0);
});
