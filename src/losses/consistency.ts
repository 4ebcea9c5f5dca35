import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import type {PairedFeatures} from './contrastive.js';

/**
 * CyCLIP's in-modal consistency (arXiv:2205.14459): images should be as far apart as their texts,
 * (f / n^2) sum_ij (I_i . I_j - T_i . T_j)^2.
 * @param factor f: n, the default, is CyCLIP's sum over n, which grows with the batch; 1 a plain mean; the number of
 *   captioned pairs among the n makes it SemiCLIP's trapezoidal term
 */
export function inModalConsistency({images, texts}: PairedFeatures, factor = images.shape[0]): Scalar {
  const cosines = (rows: Tensor2D) => tf.matMul(rows, rows, false, true);
  return meanSquare(tf.sub(cosines(images), cosines(texts)), factor);
}

/**
 * CyCLIP's cross-modal consistency: an image is as far from another's text as that image from its text,
 * (f / n^2) sum_ij (I_i . T_j - I_j . T_i)^2.
 * @param factor as for {@link inModalConsistency}
 */
export function crossModalConsistency({images, texts}: PairedFeatures, factor = images.shape[0]): Scalar {
  const cosines = tf.matMul(images, texts, false, true);
  return meanSquare(tf.sub(cosines, tf.transpose(cosines)), factor);
}

function meanSquare(differences: Tensor2D, factor: number): Scalar {
  return tf.mul(tf.mean(tf.square(differences)), factor);
}
