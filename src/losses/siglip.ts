import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import type {PairedFeatures} from './contrastive.js';

/**
 * SigLIP's pairwise sigmoid loss (arXiv:2303.15343): every image and text is told by itself whether they
 * belong together, -(1/n) sum_ij log sigmoid(z_ij (s I_i . T_j + b)), z = 1 where they do, else -1. Divided by the n
 * images, not by the number of cells.
 * @param scale s = exp(tau)
 * @param bias b
 * @param positives [n, m], 1 where z = 1, else 0; defaults to the diagonal
 */
export function siglipLoss(
  {images, texts}: PairedFeatures,
  scale: Scalar,
  bias: Scalar,
  positives?: Tensor2D,
): Scalar {
  const logits: Tensor2D = tf.add(tf.mul(scale, tf.matMul(images, texts, false, true)), bias); // [n, m]
  const belongs = positives ?? tf.eye(...logits.shape);
  const against = tf.sub(1, tf.mul(belongs, 2)); // -z
  return tf.div(tf.sum(tf.softplus(tf.mul(against, logits))), images.shape[0]);
}
