import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import {fusedOp} from './fused-op.js';
import type {Lookup} from './lookup.js';

/** Layer norm of the rows of x [r, w] with the scale and shift at `<name>.weight` and `<name>.bias` [w]. */
export function layerNorm(x: Tensor2D, weights: Lookup, name: string, epsilon: number): Tensor2D {
  const gamma = weights<Tensor1D>(`${name}.weight`);
  const beta = weights<Tensor1D>(`${name}.bias`);
  return fusedOp([x, gamma, beta], () => {
    const centred = tf.sub<Tensor2D>(x, tf.mean(x, 1, true));
    const variance = tf.mean<Tensor2D>(tf.square(centred), 1, true);
    const inverse = tf.rsqrt(tf.add<Tensor2D>(variance, epsilon)); // [r, 1]
    const normal = tf.mul<Tensor2D>(centred, inverse);
    const value = tf.add<Tensor2D>(tf.mul(normal, gamma), beta);
    return {value, saved: {normal, inverse, gamma}, gradients};
  });
}

interface Saved extends Record<string, tf.Tensor> {
  readonly normal: Tensor2D;
  readonly inverse: Tensor2D;
  readonly gamma: Tensor1D;
}

function gradients(dy: Tensor2D, {normal, inverse, gamma}: Saved) {
  const slope = tf.mul(dy, gamma);
  const along = tf.mul(normal, tf.mean(tf.mul(slope, normal), 1, true));
  const dx = tf.mul(inverse, tf.sub(tf.sub(slope, tf.mean(slope, 1, true)), along));
  return [dx, tf.sum(tf.mul(dy, normal), 0), tf.sum(dy, 0)] as const;
}
