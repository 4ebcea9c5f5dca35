import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {beforeAll, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {hardAssignment, softAssignment} from '../../../src/losses/assignment.js';
import {softmaxRow} from '../../reference/contrastive.js';
import {scaled} from '../../reference/matrix.js';
import {expectClose} from '../../support/expect-close.js';
import {randomMatrix} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

// wasm on purpose: its one-hot differs from the other engines
beforeAll(async () => {
  await startEngine('wasm');
});

it('hard assignment takes the largest entry, the first of a tie', () => {
  const rows = inScope(() =>
    hardAssignment(
      tensor([
        [0.1, 0.9, 0.2],
        [0.5, 0.5, 0.1],
        [-3, -1, -1],
      ]),
    ).arraySync(),
  );
  expect(rows).toEqual([
    [0, 1, 0],
    [1, 0, 0],
    [0, 1, 0],
  ]);
});

it('hard assignment on a tape has a gradient of zeros', () => {
  const gradient = inScope(() =>
    tf
      .grad((x) => tf.sum(tf.mul(hardAssignment(x as Tensor2D), x)))(tensor([[3, 5, 4]]))
      .arraySync(),
  );
  expect(gradient).toEqual([[0, 1, 0]]);
});

it.each([1, 100])('soft assignment is the softmax of every row, logits up to %d', (size) => {
  const logits = scaled(randomMatrix(4, 6, 1), size);
  const rows = inScope(() => softAssignment(tensor(logits)).arraySync());
  expectClose(rows, logits.map(softmaxRow));
});
