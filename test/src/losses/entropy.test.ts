import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {meanEntropy} from '../../../src/losses/entropy.js';
import type {Matrix} from '../../reference/matrix.js';
import {softmaxRows} from '../../reference/softclip.js';
import {expectClose} from '../../support/expect-close.js';
import {randomMatrix} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const entropyOf = (rows: Matrix): number => inScope(() => meanEntropy(tensor(rows)).arraySync());

it('is 0 for one-hot rows and ln m for even ones', () => {
  expect(
    entropyOf([
      [0, 1, 0],
      [1, 0, 0],
    ]),
  ).toBe(0);
  expectClose(entropyOf([[0.25, 0.25, 0.25, 0.25]]), Math.log(4));
});

it('agrees with float64 loops, and with their mean over rows', () => {
  const rows = softmaxRows(randomMatrix(5, 7, 1).map((row) => row.map((value) => 5 * value)));
  const expected = rows.map((row) => row.reduce((sum, p) => sum - p * Math.log(p), 0));
  expectClose(entropyOf(rows), expected.reduce((sum, value) => sum + value, 0) / 5);
});

it('a probability that float32 cannot hold counts as 0', () => {
  expectClose(entropyOf([[1, 1e-40]]), 0);
  expect(inScope(() => meanEntropy(tf.softmax(tensor([[1000, 0]]))).arraySync())).toBe(0);
});
