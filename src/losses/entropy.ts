import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';

/**
 * Mean entropy of rows of probabilities in nats: 0 for one-hot rows, ln m for even ones. The floor of a cross-entropy
 * towards them, and the sign that soft targets have hardened.
 * @param probabilities [n, m]
 */
export function meanEntropy(probabilities: Tensor2D): Scalar {
  const logs = tf.log(tf.maximum(probabilities, 1e-37)); // still a normal float32; 0 log 0 is 0
  return tf.sub(0, tf.mean<Scalar>(tf.sum(tf.mul(probabilities, logs), 1)));
}
