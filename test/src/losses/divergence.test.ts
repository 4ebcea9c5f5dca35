import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {divergence} from '../../../src/losses/divergence.js';
import {scaled} from '../../reference/matrix.js';
import {klBy, softmaxRows} from '../../reference/softclip.js';
import {expectFinite, expectLikeOracle, lossAt, toleranceAt} from '../../support/loss-oracle.js';
import {randomMatrix} from '../../support/random-features.js';

beforeAll(async () => {
  await startEngine('auto');
});

describe.each(['forward', 'mean', 'sum', 'js'] as const)('divergence %s', (kind) => {
  it.each([1, 5, 20])('value and both gradients agree with float64 loops, logits up to %d', (size) => {
    expectLikeOracle({
      inputs: {
        targets: scaled(randomMatrix(4, 6, 1), size),
        predictions: scaled(randomMatrix(4, 6, 2), size),
      },
      loss: (of) => divergence(tf.logSoftmax(of.targets), tf.logSoftmax(of.predictions), kind),
      oracle: (of) => klBy(kind, softmaxRows(of.targets), softmaxRows(of.predictions)),
      tolerance: toleranceAt(size),
    });
  });

  it('is 0 between equal rows, with a gradient of 0', () => {
    const rows = randomMatrix(3, 5, 3);
    const {value, gradients} = lossAt({rows}, (of) => {
      const logs = tf.logSoftmax(of.rows);
      return divergence(logs, logs, kind);
    });
    expect(Math.abs(value)).toBeLessThan(1e-6);
    expect(Math.max(...gradients.rows.flat().map(Math.abs))).toBeLessThan(1e-6);
  });

  it('is finite where one side underflows', () => {
    const found = lossAt({targets: [[500, 0, -500]], predictions: [[-500, 0, 500]]}, (of) =>
      divergence(tf.logSoftmax(of.targets), tf.logSoftmax(of.predictions), kind),
    );
    expectFinite(found);
    if (kind === 'js')
      expect(found.value).toBeCloseTo(Math.LN2, 6); // its bound, reached by disjoint rows
    else expect(found.value).toBeGreaterThan(900);
  });
});
