import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {softCrossEntropy} from './soft-cross-entropy.js';

/** Images without a caption, and the texts that pseudo-labels spread them over. */
export interface LabelledFeatures {
  /** [u, d], rows of unit length. */
  readonly queries: Tensor2D;
  /** [m, d], captions or keywords, rows of unit length. */
  readonly texts: Tensor2D;
}

/**
 * S-CLIP's caption-level and keyword-level loss (arXiv:2305.14095): 1/2 SCE(s Q T^t, P). Its one direction, image to
 * text, weighs half, as each direction of the contrastive loss does.
 * @param scale s = exp(tau)
 * @param targets [u, m]
 */
export function pseudoLabelLoss(
  {queries, texts}: LabelledFeatures,
  scale: Scalar,
  targets: Tensor2D,
): Scalar {
  return tf.mul(0.5, softCrossEntropy(tf.mul(scale, tf.matMul(queries, texts, false, true)), targets));
}
