import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';

/** Euclidean norm of all gradients together. */
export function gradientNorm(gradients: readonly Tensor[]): Scalar {
  return tf.tidy(() => tf.sqrt(tf.addN(gradients.map((gradient) => tf.sum<Scalar>(tf.square(gradient))))));
}

/** The factor that brings gradients of this norm down to the limit, at most 1: PyTorch's `clip_grad_norm_`. */
export function clipFactor(norm: Scalar, limit: number): Scalar {
  return tf.tidy(() => tf.minimum(tf.div(limit, tf.add(norm, 1e-6)), 1));
}
