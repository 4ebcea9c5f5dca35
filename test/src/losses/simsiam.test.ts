import type * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {outputSpread, simSiamLoss} from '../../../src/losses/simsiam.js';
import {unitRows as unitRowsOf} from '../../../src/model/unit-rows.js';
import {scaled, unitRows, type Matrix} from '../../reference/matrix.js';
import {simSiam} from '../../reference/pair-objectives.js';
import {expectClose} from '../../support/expect-close.js';
import {expectFinite, expectLikeOracle, expectZero, lossAt} from '../../support/loss-oracle.js';
import {randomMatrix} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const rowsOf = (seed: number): Matrix => unitRows(randomMatrix(5, 6, seed));
const [p1, z1, p2, z2] = [rowsOf(1), rowsOf(2), rowsOf(3), rowsOf(4)] as const;

describe('simSiamLoss', () => {
  const inputs = {p1, z1, p2, z2};
  const loss = (of: {p1: tf.Tensor2D; z1: tf.Tensor2D; p2: tf.Tensor2D; z2: tf.Tensor2D}) =>
    simSiamLoss({predictions: [of.p1, of.p2], projections: [of.z1, of.z2]});

  it('value, and gradients of the predictions, agree with float64 loops', () => {
    expectLikeOracle({
      inputs,
      loss,
      oracle: (of) => simSiam(of.p1, of.z1, of.p2, of.z2),
      differentiated: ['p1', 'p2'],
    });
  });

  it('the projections have a gradient of exactly zero', () => {
    const {gradients} = lossAt(inputs, loss);
    expectZero(gradients.z1);
    expectZero(gradients.z2);
  });

  it('lies between -1, reached by equal views, and 1, by opposite ones', () => {
    const valueOf = (prediction: Matrix) => lossAt({p1: prediction, z1, p2: prediction, z2: z1}, loss).value;
    expectClose(valueOf(z1), -1);
    expectClose(valueOf(scaled(z1, -1)), 1);
  });

  it('exchanging the views changes nothing', () => {
    expectClose(lossAt({p1: p2, z1: z2, p2: p1, z2: z1}, loss).value, lossAt(inputs, loss).value);
  });

  it('is finite for zero rows', () => {
    const raw = [
      [0, 0],
      [1, 2],
    ];
    expectFinite(
      lossAt({raw}, (of) => {
        const rows = unitRowsOf(of.raw);
        return simSiamLoss({predictions: [rows, rows], projections: [rows, rows]});
      }),
    );
  });
});

describe('outputSpread', () => {
  const spreadOf = (rows: Matrix) => inScope(() => outputSpread(tensor(rows)).arraySync());

  it('is 0 for rows that have collapsed to one', () => {
    expectClose(spreadOf(Array.from({length: 6}, () => [0.6, 0.8])), 0);
  });

  it('is near 1 / sqrt(d) for rows in all directions', () => {
    const d = 16;
    const spread = spreadOf(unitRows(randomMatrix(400, d, 7)));
    expect(spread * Math.sqrt(d)).toBeGreaterThan(0.97);
    expect(spread * Math.sqrt(d)).toBeLessThanOrEqual(1);
  });

  it('is the mean over dimensions of the standard deviation over rows', () => {
    const rows = randomMatrix(5, 3, 8);
    const deviation = (j: number) => {
      const mean = rows.reduce((sum, row) => sum + row[j]!, 0) / 5;
      return Math.sqrt(rows.reduce((sum, row) => sum + (row[j]! - mean) ** 2, 0) / 5);
    };
    expectClose(spreadOf(rows), (deviation(0) + deviation(1) + deviation(2)) / 3);
  });

  it('is a constant for the gradient', () => {
    expectZero(lossAt({rows: p1}, ({rows}) => outputSpread(rows)).gradients.rows);
  });
});
