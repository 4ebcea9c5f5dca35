import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {lpPlusPlusLogits, tipAdapterLogits} from '../../../src/losses/few-shot-logits.js';
import {dotProducts, unitRows, type Matrix} from '../../reference/matrix.js';
import {expectClose} from '../../support/expect-close.js';
import {expectLikeOracle} from '../../support/loss-oracle.js';
import {randomMatrix} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const features = unitRows(randomMatrix(4, 6, 201));
const probe = randomMatrix(4, 3, 202);
/** A sum that tells every logit apart. */
const weighed = (logits: Matrix) =>
  logits.reduce((sum, row, i) => sum + row.reduce((all, logit, j) => all + logit * probe[i]![j]!, 0), 0);

describe('tipAdapterLogits', () => {
  const keys = unitRows(randomMatrix(6, 6, 203));
  const values = [0, 1, 2, 0, 1, 2].map((label) => [0, 1, 2].map((c) => Number(c === label)));

  const reference = (f: Matrix, k: Matrix, alpha: number, beta: number) =>
    dotProducts(f, k).map((cosines) =>
      [0, 1, 2].map((c) =>
        cosines.reduce((sum, cosine, i) => sum + alpha * Math.exp(-beta * (1 - cosine)) * values[i]![c]!, 0),
      ),
    );

  it.each([
    [1, 5.5],
    [1.17, 1],
    [20, 0.5],
  ])('values and gradients agree with float64 loops, alpha %d, beta %d', (alpha, beta) => {
    const logits = inScope(() =>
      tipAdapterLogits(
        tensor(features),
        {keys: tensor(keys), values: tensor(values)},
        {alpha, beta},
      ).arraySync(),
    );
    expectClose(logits, reference(features, keys, alpha, beta));
    expectLikeOracle({
      inputs: {features, keys},
      loss: (of) => {
        const cache = {keys: of.keys, values: tensor(values)};
        return tf.sum(tf.mul(tipAdapterLogits(of.features, cache, {alpha, beta}), probe));
      },
      oracle: (of) => weighed(reference(of.features, of.keys, alpha, beta)),
    });
  });

  it('alpha 0 adds nothing, beta 0 counts the labels of the cache', () => {
    const at = (alpha: number, beta: number) =>
      inScope(() =>
        tipAdapterLogits(
          tensor(features),
          {keys: tensor(keys), values: tensor(values)},
          {alpha, beta},
        ).arraySync(),
      );
    expect(
      at(0, 1)
        .flat()
        .every((logit) => logit === 0),
    ).toBe(true);
    expectClose(
      at(1, 0),
      features.map(() => [2, 2, 2]),
    );
  });

  it('the order of the cache does not matter', () => {
    const at = (order: readonly number[]) =>
      inScope(() => {
        const cache = {
          keys: tensor(order.map((i) => keys[i]!)),
          values: tensor(order.map((i) => values[i]!)),
        };
        return tipAdapterLogits(tensor(features), cache, {alpha: 1, beta: 5.5}).arraySync();
      });
    expectClose(at([5, 3, 1, 0, 2, 4]), at([0, 1, 2, 3, 4, 5]));
  });
});

describe('lpPlusPlusLogits', () => {
  const texts = unitRows(randomMatrix(3, 6, 204));
  const weights = randomMatrix(3, 6, 205);
  const bias = [[0.1, -0.2, 0.3]];
  const blend = [[2, 0, 1.5]];

  it('values and gradients agree with float64 loops', () => {
    expectLikeOracle({
      inputs: {features, weights, bias, blend},
      loss: (of) => {
        const blended = {
          weights: of.weights,
          bias: tf.reshape<tf.Rank.R1>(of.bias, [3]),
          blend: tf.reshape<tf.Rank.R1>(of.blend, [3]),
        };
        return tf.sum(tf.mul(lpPlusPlusLogits(of.features, tensor(texts), blended), probe));
      },
      oracle: (of) => {
        const [linear, zeroShot] = [dotProducts(of.features, of.weights), dotProducts(of.features, texts)];
        return weighed(
          linear.map((row, i) =>
            row.map((logit, c) => logit + of.blend[0]![c]! * zeroShot[i]![c]! + of.bias[0]![c]!),
          ),
        );
      },
    });
  });

  it('a probe of zeros and a blend of 100 is zero-shot classification', () => {
    const logits = inScope(() => {
      const blended = {weights: tf.zeros<tf.Rank.R2>([3, 6]), bias: tf.zeros<tf.Rank.R1>([3])};
      return lpPlusPlusLogits(tensor(features), tensor(texts), {
        ...blended,
        blend: tf.fill<tf.Rank.R1>([3], 100),
      }).arraySync();
    });
    expectClose(
      logits,
      dotProducts(features, texts).map((row) => row.map((cosine) => 100 * cosine)),
    );
  });
});
