import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {fusedOp} from './fused-op.js';

/** x + branch for two tensors of one shape. */
export function residualAdd<T extends Tensor>(x: T, branch: T): T {
  return fusedOp([x, branch], () => ({
    value: tf.add<T>(x, branch),
    saved: {},
    gradients: (dy) => [tf.clone(dy), tf.clone(dy)],
  }));
}

/** max(x + branch, 0) for two tensors of one shape. */
export function residualRelu<T extends Tensor>(x: T, branch: T): T {
  return fusedOp([x, branch], () => {
    const value = tf.relu(tf.add<T>(x, branch));
    return {
      value,
      saved: {value},
      gradients: (dy, saved) => {
        const slope = reluSlope(dy, saved.value);
        return [slope, tf.clone(slope)];
      },
    };
  });
}

/** The gradient before a ReLU from the one behind it: the output's sign is 1 where it passed, else 0. */
export function reluSlope<T extends Tensor>(dy: T, output: T): T {
  return tf.mul(dy, tf.sign(output));
}
