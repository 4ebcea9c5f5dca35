import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {anchorPenalty} from '../../../src/losses/anchor-penalty.js';
import {expectLikeOracle, expectZero, lossAt} from '../../support/loss-oracle.js';
import {randomMatrix} from '../../support/random-features.js';
import {tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const weights = randomMatrix(3, 4, 211);
const start = randomMatrix(3, 4, 212);

it('value and gradients agree with float64 loops: a sum, not a mean', () => {
  expectLikeOracle({
    inputs: {weights},
    loss: (of) => anchorPenalty(of.weights, tensor(start)),
    oracle: (of) => of.weights.flat().reduce((sum, value, i) => sum + (value - start.flat()[i]!) ** 2, 0),
  });
});

it('costs nothing and pulls nowhere at the start', () => {
  const {value, gradients} = lossAt({weights: start}, (of) => anchorPenalty(of.weights, tensor(start)));
  expect(value).toBe(0);
  expectZero(gradients.weights);
});

it('weights of any rank have one', () => {
  const {value} = lossAt({weights: [[3]]}, (of) => anchorPenalty(tf.reshape(of.weights, []), tf.scalar(1)));
  expect(value).toBe(4);
});
