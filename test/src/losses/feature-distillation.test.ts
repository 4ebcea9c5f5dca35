import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {smoothL1, whiten} from '../../../src/losses/feature-distillation.js';
import {smoothL1 as reference, whitened} from '../../reference/feature-distillation.js';
import type {Matrix} from '../../reference/matrix.js';
import {expectClose} from '../../support/expect-close.js';
import {expectFinite, expectLikeOracle, expectZero, lossAt} from '../../support/loss-oracle.js';
import {randomMatrix} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const scaledBy = (factor: number, rows: Matrix) => rows.map((row) => row.map((value) => value * factor));

describe('whiten', () => {
  const rows = randomMatrix(5, 8, 111);
  const valueOf = (of: Matrix) => inScope(() => whiten(tensor(of)).arraySync());

  it('values and gradients agree with float64 loops', () => {
    const weights = randomMatrix(5, 8, 112);
    expectClose(valueOf(rows), whitened(rows, 1e-5));
    expectLikeOracle({
      inputs: {rows},
      loss: (of) => tf.sum(tf.mul(whiten(of.rows), weights)),
      oracle: (of) =>
        whitened(of.rows, 1e-5)
          .flat()
          .reduce((sum, value, i) => sum + value * weights.flat()[i]!, 0),
    });
  });

  it('scaling and shifting a token changes nothing', () => {
    const changed = rows.map((row, i) => row.map((value) => 7 * (i + 1) * value - 3 * i));
    expectClose(valueOf(changed), valueOf(rows), {relative: 1e-4, absolute: 1e-4}); // epsilon beside the variance
  });

  it('treats every token of a map by itself, of any rank', () => {
    const map = inScope(() => {
      const tokens = tf.tensor3d([rows.slice(0, 2), rows.slice(2, 4)]);
      return whiten(tokens).arraySync();
    });
    expectClose(map, whitened(rows.slice(0, 4), 1e-5));
  });

  it('a constant token becomes zero, with finite gradients', () => {
    const found = lossAt(
      {
        rows: [
          [3, 3, 3],
          [0, 0, 0],
        ],
      },
      (of) => tf.sum(tf.square(whiten(of.rows))),
    );
    expectFinite(found);
    expect(found.value).toBe(0);
  });
});

describe('smoothL1', () => {
  const prediction = scaledBy(3, randomMatrix(6, 5, 113));
  const target = scaledBy(3, randomMatrix(6, 5, 114));

  it.each([0.5, 1, 2])('value and gradients agree with float64 loops, beta %d', (beta) => {
    const branches = prediction.flatMap((row, i) => row.map((x, j) => Math.abs(x - target[i]![j]!) < beta));
    expect(new Set(branches).size, 'both branches').toBe(2);
    expectLikeOracle({
      inputs: {prediction, target},
      loss: (of) => smoothL1(of.prediction, of.target, {beta}),
      oracle: (of) => reference(of.prediction, of.target, beta),
    });
  });

  it('is a Huber loss over beta, with slope 1 far away', () => {
    const {value, gradients} = lossAt({x: [[101]]}, ({x}) => smoothL1(x, tf.zeros([1, 1]), {beta: 2}));
    expectClose(value, 100);
    expectClose(gradients.x, [[1]]);
  });

  it('has a gradient of 0 at a difference of 0', () => {
    const {value, gradients} = lossAt({x: [[0, 0]]}, ({x}) => smoothL1(x, tf.zeros([1, 2]), {beta: 2}));
    expect(value).toBe(0);
    expectZero(gradients.x);
  });

  it('a mask leaves the mean over the tokens that count', () => {
    const counts = [1, 0, 1, 1, 0, 0];
    expectLikeOracle({
      inputs: {prediction, target},
      loss: (of) => smoothL1(of.prediction, of.target, {beta: 2, mask: tf.tensor1d(counts)}),
      oracle: (of) => reference(of.prediction, of.target, 2, counts),
    });
    const {gradients} = lossAt({prediction}, (of) =>
      smoothL1(of.prediction, tensor(target), {beta: 2, mask: tf.tensor1d(counts)}),
    );
    expectZero(gradients.prediction.filter((_, i) => counts[i] === 0));
  });

  it('a mask of all tokens changes nothing, a mask of none costs nothing', () => {
    const valueOf = (mask?: tf.Tensor1D) =>
      inScope(() => smoothL1(tensor(prediction), tensor(target), {beta: 2, ...(mask && {mask})}).arraySync());
    expectClose(valueOf(tf.ones([6])), valueOf());
    expect(valueOf(tf.zeros([6]))).toBe(0);
  });
});
