import {beforeAll, describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {startEngine} from '../../../../src/engine/backend.js';
import {fusedOp} from '../../../../src/model/layers/fused-op.js';

/** x y with a gradient that is twice the true one, so that it can be told apart. */
const doubled = (x: Tensor, y: Tensor): Tensor =>
  fusedOp([x, y], () => ({
    value: tf.mul(x, y),
    saved: {x, y},
    gradients: (dy, saved) => [tf.mul(tf.mul(dy, saved.y), 2), tf.mul(tf.mul(dy, saved.x), 2)],
  }));

describe('fusedOp', () => {
  beforeAll(() => startEngine('cpu'));

  it('gives the value, and the gradients that were written by hand, in the order of the inputs', () => {
    const [x, y] = [tf.scalar(3), tf.scalar(5)];
    expect(doubled(x, y).dataSync()[0]).toBe(15);
    const gradients = tf.grads(doubled)([x, y]);
    expect(gradients.map((gradient) => gradient.dataSync()[0])).toEqual([10, 6]);
  });

  it('frees what neither pass needs, forward and backward', () => {
    const [x, y] = [tf.scalar(3), tf.scalar(5)];
    const before = tf.memory().numTensors;
    const [dx, dy] = tf.grads((a, b) => doubled(doubled(a, b), b))([x, y]);
    expect(tf.memory().numTensors).toBe(before + 2);
    tf.dispose([dx!, dy!]);
    doubled(x, y).dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});
