import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';

/**
 * One-hot arg-max of every row; the first column wins a tie. No gradient flows back.
 * @param scores [u, b]
 * @returns [u, b]
 */
export function hardAssignment(scores: Tensor2D): Tensor2D {
  // wasm writes int32 bits whatever dtype oneHot is asked for, so the cast is a step of its own
  return tf.cast(tf.oneHot(tf.argMax(scores, 1), scores.shape[1]) as Tensor2D, 'float32');
}

/**
 * Softmax of every row.
 * @param logits [u, b], scores times scale
 * @returns [u, b], rows sum to 1
 */
export function softAssignment(logits: Tensor2D): Tensor2D {
  return tf.softmax(logits);
}
