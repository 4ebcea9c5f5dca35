import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {beforeAll, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {constant} from '../../../src/losses/constant.js';
import {expectClose} from '../../support/expect-close.js';
import {lossAt} from '../../support/loss-oracle.js';

beforeAll(async () => {
  await startEngine('auto');
});

const x = [[1, -2, 3]];

it('values pass, gradients do not, and comparisons may be used on the tape', () => {
  const {value, gradients} = lossAt({x}, ({x: rows}) => {
    const positive = constant(() => tf.cast(tf.greater(rows, 0), 'float32'));
    return tf.sum(tf.mul(tf.square(rows), positive));
  });
  expect(value).toBe(10);
  expectClose(gradients.x, [[2, 0, 6]]);
});

it('a tensor handed through unchanged is a constant too', () => {
  const {gradients} = lossAt({x}, ({x: rows}) =>
    tf.sum(
      tf.mul(
        rows,
        constant<Tensor2D>(() => rows),
      ),
    ),
  );
  expectClose(gradients.x, x); // of rows * held by rows alone; both would give 2 x
});

it('leaves no tensors behind but its value', () => {
  tf.engine().startScope();
  const rows = tf.tensor2d(x);
  const before = tf.memory().numTensors;
  const held = constant(() => tf.square(tf.exp(tf.add<Tensor2D>(rows, 1))));
  expect(tf.memory().numTensors).toBe(before + 1);
  held.dispose();
  expect(tf.memory().numTensors).toBe(before);
  tf.engine().endScope();
});
