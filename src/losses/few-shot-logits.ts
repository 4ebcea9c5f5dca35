import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';

/** Features of labelled images as a cache, for Tip-Adapter. */
export interface KeyValueCache {
  /** [k, d], rows of unit length, or what training made of them. */
  readonly keys: Tensor2D;
  /** [k, c], one-hot labels. */
  readonly values: Tensor2D;
}

/**
 * What Tip-Adapter adds to the zero-shot logits (arXiv:2111.03930): alpha exp(-beta (1 - F K^t)) V, the
 * labels of the cache by how near their images are.
 * @param features [n, d], rows of unit length
 * @returns [n, c]
 */
export function tipAdapterLogits(
  features: Tensor2D,
  {keys, values}: KeyValueCache,
  {alpha, beta}: {readonly alpha: number; readonly beta: number},
): Tensor2D {
  const distances: Tensor2D = tf.sub(1, tf.matMul(features, keys, false, true)); // [n, k]
  return tf.mul(alpha, tf.matMul(tf.exp(tf.mul(distances, -beta)), values));
}

/** The weights of LP++. */
export interface BlendedProbe {
  /** [c, d], a linear probe. */
  readonly weights: Tensor2D;
  /** [c]. */
  readonly bias: Tensor1D;
  /** [c], how much of its text each class takes. */
  readonly blend: Tensor1D;
}

/**
 * The logits of LP++ (arXiv:2404.02285): f . (w_c + alpha_c t_c) + bias_c, without a temperature.
 * @param features [n, d], rows of unit length
 * @param texts [c, d], class embeddings, rows of unit length
 * @returns [n, c]
 */
export function lpPlusPlusLogits(
  features: Tensor2D,
  texts: Tensor2D,
  {weights, bias, blend}: BlendedProbe,
): Tensor2D {
  const zeroShot = tf.mul(tf.matMul(features, texts, false, true), blend);
  return tf.add(tf.add(tf.matMul(features, weights, false, true), zeroShot), bias);
}
