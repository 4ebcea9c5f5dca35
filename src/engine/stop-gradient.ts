import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

/**
 * The same values, constant for differentiation: its gradient is zero. A weight that reaches the loss only through
 * here has a gradient of zeros, not none, so AdamW still decays it.
 */
export function stopGradient<T extends Tensor>(x: T): T {
  const stopped = tf.customGrad((value) => ({
    value: tf.clone(value as T),
    gradFunc: (dy: T) => tf.zerosLike(dy),
  }));
  return stopped(x);
}
