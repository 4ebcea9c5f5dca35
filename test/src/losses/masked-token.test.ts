import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {maskedTokenLoss} from '../../../src/losses/masked-token.js';
import {logSoftmaxRow} from '../../reference/contrastive.js';
import type {Matrix} from '../../reference/matrix.js';
import {onEveryEngine} from '../../support/engines.js';
import {expectLikeOracle, expectZero, lossAt} from '../../support/loss-oracle.js';
import {randomMatrix} from '../../support/random-features.js';

const logits = randomMatrix(6, 9, 181).map((row) => row.map((value) => 4 * value));

function reference(rows: Matrix, labels: readonly number[]): number {
  const costs = rows.flatMap((row, i) => (labels[i]! < 0 ? [] : [-logSoftmaxRow(row)[labels[i]!]!]));
  return costs.length === 0 ? 0 : costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
}

describe('maskedTokenLoss', () => {
  onEveryEngine(() => {
    it.each([[[3, 0, 8, 1, 1, 5]], [[3, -1, 8, -100, 0, -1]], [[-1, -1, -1, -1, -1, 2]]])(
      'value and gradients agree with float64 loops, labels %j',
      (labels) => {
        expectLikeOracle({
          inputs: {logits},
          loss: (of) => maskedTokenLoss(of.logits, tf.tensor1d(labels, 'int32')),
          oracle: (of) => reference(of.logits, labels),
        });
      },
    );

    it('positions without a label have a gradient of exactly zero', () => {
      const labels = [3, -1, 8, -100, 0, -1];
      const {gradients} = lossAt({logits}, (of) => maskedTokenLoss(of.logits, tf.tensor1d(labels, 'int32')));
      expectZero(gradients.logits.filter((_, i) => labels[i]! < 0));
    });

    it('no label at all costs 0', () => {
      const labels = [-1, -1, -1, -1, -1, -1];
      const {value, gradients} = lossAt({logits}, (of) =>
        maskedTokenLoss(of.logits, tf.tensor1d(labels, 'int32')),
      );
      expect(value).toBe(0);
      expectZero(gradients.logits);
    });
  });
});
