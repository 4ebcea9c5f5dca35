import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';

/**
 * Squared distance of weights from where they started, the sum over all entries: with weight 1 / shots it is what keeps
 * ProLIP's projection near CLIP's (arXiv:2410.05270).
 * @param start of the same shape, a constant
 */
export function anchorPenalty(weights: Tensor, start: Tensor): Scalar {
  return tf.sum(tf.square(tf.sub(weights, start)));
}
