import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';

/**
 * Cross-entropy of row softmaxes against target rows: the mean over all n rows of -sum_j P_rj log softmax(Z_r)_j.
 * A row of zeros adds nothing and still counts in the mean, as in S-CLIP (arXiv:2305.14095).
 * @param logits [n, m]
 * @param targets [n, m]; gradients flow into them too, so hand constants over a stop-gradient
 */
export function softCrossEntropy(logits: Tensor2D, targets: Tensor2D): Scalar {
  const perRow = tf.sum(tf.mul(targets, tf.logSoftmax(logits)), 1); // [n]
  return tf.sub(0, tf.mean<Scalar>(perRow)); // a loss of nothing is 0, not -0
}
