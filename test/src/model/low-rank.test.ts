import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {loraScale, lowRankUpdate} from '../../../src/model/low-rank.js';
import {dotProducts, transposed} from '../../reference/matrix.js';
import {expectLikeOracle} from '../../support/loss-oracle.js';
import {randomMatrix} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

it('value and gradients of both factors agree with float64 loops', () => {
  const probe = randomMatrix(5, 4, 221);
  expectLikeOracle({
    inputs: {down: randomMatrix(2, 4, 222), up: randomMatrix(5, 2, 223)},
    loss: (of) => tf.sum(tf.mul(lowRankUpdate(of, 0.7), probe)),
    oracle: (of) =>
      dotProducts(of.up, transposed(of.down))
        .flat()
        .reduce((sum, value, i) => sum + 0.7 * value * probe.flat()[i]!, 0),
  });
});

it('an up factor of zeros changes nothing, to the bit', () => {
  const update = inScope(() =>
    lowRankUpdate({down: tensor(randomMatrix(2, 4, 224)), up: tf.zeros([5, 2])}, 10).arraySync(),
  );
  expect(update.flat().every((entry) => entry === 0)).toBe(true);
});

it('alpha is divided by the rank, or by its root; rank 1 makes no difference', () => {
  expect(loraScale(1, 4, 'rank')).toBe(0.25);
  expect(loraScale(1, 4, 'root')).toBe(0.5);
  expect(loraScale(3, 1, 'rank')).toBe(loraScale(3, 1, 'root'));
});
