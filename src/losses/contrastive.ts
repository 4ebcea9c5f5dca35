import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {oneWayContrastiveLoss} from './one-way-contrastive.js';

/** Embeddings of b pairs, row i of one belonging to row i of the other. */
export interface PairedFeatures {
  /** [b, d], rows of unit length. */
  readonly images: Tensor2D;
  /** [b, d], rows of unit length. */
  readonly texts: Tensor2D;
}

/**
 * CLIP's symmetric InfoNCE (arXiv:2103.00020, figure 3): 1/2 [CE(s I T^t, diag) + CE(s T I^t, diag)].
 * @param scale s = exp(tau)
 * @param negatives [u, d], images without a caption. Each caption is told from them too, s T [I; Q]^t, as in the
 *   supervised term of S-CLIP's code (arXiv:2305.14095); the image-to-text half is unchanged.
 */
export function contrastiveLoss(
  {images, texts}: PairedFeatures,
  scale: Scalar,
  negatives?: Tensor2D,
): Scalar {
  const candidates = negatives === undefined ? images : tf.concat2d([images, negatives], 0); // [b + u, d]
  const imageToText = oneWayContrastiveLoss(images, texts, scale);
  const textToImage = oneWayContrastiveLoss(texts, candidates, scale);
  return tf.mul(0.5, tf.add(imageToText, textToImage));
}
