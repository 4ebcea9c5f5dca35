import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {pseudoLabelLoss} from '../../../src/losses/pseudo-label.js';
import {softCrossEntropy, softmaxRow} from '../../reference/contrastive.js';
import {dotProducts, scaled, type Matrix} from '../../reference/matrix.js';
import {expectClose} from '../../support/expect-close.js';
import {randomFeatures, randomMatrix} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const {queries, words} = randomFeatures({pairs: 4, unpaired: 5, words: 6}, 1, 41);
const lossOf = (scale: number, targets: Matrix, asked = queries): number =>
  inScope(() =>
    pseudoLabelLoss(
      {queries: tensor(asked), texts: tensor(words)},
      tf.scalar(scale),
      tensor(targets),
    ).arraySync(),
  );

it.each([10, 1 / 0.07, 100])('is half the soft cross-entropy of the scaled cosines, scale %d', (scale) => {
  const targets = randomMatrix(5, 6, 42).map(softmaxRow);
  expectClose(
    lossOf(scale, targets),
    softCrossEntropy(scaled(dotProducts(queries, words), scale), targets) / 2,
  );
});

it('permuting the unpaired images with their targets changes nothing', () => {
  const targets = randomMatrix(5, 6, 43).map(softmaxRow);
  const order = [4, 2, 0, 3, 1];
  const moved = (rows: Matrix) => order.map((i) => rows[i]!);
  expectClose(lossOf(50, moved(targets), moved(queries)), lossOf(50, targets));
});

it('targets of zeros cost nothing', () => {
  expect(
    lossOf(
      100,
      queries.map(() => words.map(() => 0)),
    ),
  ).toBe(0);
});
