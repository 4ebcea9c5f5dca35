import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {ClipConfig} from '../clip-config.js';
import {fusedOp} from './fused-op.js';

/** The non-linearity between the two layers of a transformer's MLP, elementwise. */
export function activate<T extends Tensor>(x: T, activation: ClipConfig['activation']): T {
  return activation === 'gelu' ? gelu(x) : quickGelu(x);
}

/** x sigmoid(1.702 x), as OpenAI's CLIP uses it. */
function quickGelu<T extends Tensor>(x: T): T {
  return fusedOp([x], () => {
    const gate = tf.sigmoid(tf.mul(x, 1.702));
    const y = tf.mul<T>(x, gate);
    // g + 1.702 x g (1 - g) = g + 1.702 y (1 - g): y is kept by the next layer anyway, x need not be
    const gradients = (dy: T, saved: {gate: Tensor; y: T}) =>
      [tf.mul(dy, tf.add(saved.gate, tf.mul(tf.mul(saved.y, 1.702), tf.sub(1, saved.gate))))] as const;
    return {value: y, saved: {gate, y}, gradients};
  });
}

/** x Phi(x) with the exact normal distribution function (erf), not its tanh approximation. */
function gelu<T extends Tensor>(x: T): T {
  return fusedOp([x], () => {
    const share = tf.mul(tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1), 0.5);
    const gradients = (dy: T, saved: {share: Tensor; x: T}) => {
      const density = tf.mul(tf.exp(tf.mul(tf.square(saved.x), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return [tf.mul(dy, tf.add(saved.share, tf.mul(saved.x, density)))] as const;
    };
    return {value: tf.mul<T>(x, share), saved: {share, x}, gradients};
  });
}
