import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import type {PairedFeatures} from './contrastive.js';
import {softCrossEntropy} from './soft-cross-entropy.js';

/** A matrix for each direction: cosines, logits, targets. */
export interface Directions {
  /** [b, m]: row r over the texts, for image r. */
  readonly imageToText: Tensor2D;
  /** [m, b]: row r over the images, for text r. */
  readonly textToImage: Tensor2D;
}

/** The cosines of all images and all texts: I T^t and T I^t. */
export function pairCosines({images, texts}: PairedFeatures): Directions {
  return {
    imageToText: tf.matMul(images, texts, false, true),
    textToImage: tf.matMul(texts, images, false, true),
  };
}

/**
 * InfoNCE towards any targets: 1/2 [SCE(s I T^t, P) + SCE(s T I^t, P')]. With P = P' = the identity it is CLIP's own.
 * Its least value is not 0 but the mean entropy of the targets.
 * @param scale s = exp(tau)
 * @param targets gradients flow into them too, so hand constants over as such
 */
export function pairTargetLoss(pairs: PairedFeatures, scale: Scalar, targets: Directions): Scalar {
  return similarityTargetLoss(pairCosines(pairs), scale, targets);
}

/** {@link pairTargetLoss} over similarities of any kind, such as those of late interaction. */
export function similarityTargetLoss(similarities: Directions, scale: Scalar, targets: Directions): Scalar {
  const oneWay = (direction: keyof Directions) =>
    softCrossEntropy(tf.mul(scale, similarities[direction]), targets[direction]);
  return tf.mul(0.5, tf.add(oneWay('imageToText'), oneWay('textToImage')));
}

/**
 * Targets for both directions, made from who belongs to whom.
 * @param positives [b, m], 1 where image and text belong together, else 0; `tf.eye(b)` without duplicates
 * @param make targets of the rows of a matrix like it
 */
export function targetsBothWays(positives: Tensor2D, make: (positives: Tensor2D) => Tensor2D): Directions {
  return {imageToText: make(positives), textToImage: make(tf.transpose(positives))};
}

/**
 * Targets that share 1 evenly among the positives of a row: for duplicate captions and repeated images (retrieval
 * fine-tuning of FILIP, arXiv:2111.07783, and ALBEF, arXiv:2107.07651).
 * @param positives [n, m] of 0 and 1; a row without any stays zero
 * @returns [n, m]
 */
export function multiPositiveTargets(positives: Tensor2D): Tensor2D {
  return tf.div(positives, tf.maximum(tf.sum(positives, 1, true), 1));
}

/**
 * Label smoothing that shares alpha among the negatives alone, 1 - alpha among the positives: the convention of SoftCLIP
 * (arXiv:2303.17561) and PyramidCLIP (arXiv:2204.14095). A row without negatives stays unsmoothed.
 * @param positives [n, m] of 0 and 1, at least one a row
 * @returns [n, m], rows sum to 1
 */
export function negativesSmoothing(positives: Tensor2D, alpha: number): Tensor2D {
  const negatives = tf.sub(1, positives);
  const count = tf.sum(negatives, 1, true); // [n, 1]
  const kept = tf.sub(1, tf.mul(alpha, tf.step(count))); // [n, 1]
  const spread = tf.div(alpha, tf.maximum(count, 1)); // [n, 1]
  return tf.add(tf.mul(multiPositiveTargets(positives), kept), tf.mul(negatives, spread));
}

/**
 * Label smoothing that adds alpha / m to every entry of 1 - alpha times the targets: the convention of PyTorch and
 * tfjs (Szegedy et al. 2016, arXiv:1512.00567, section 7). Equal to {@link negativesSmoothing} of an alpha that is
 * (m - 1) / m as large, where rows have one positive.
 * @param positives [n, m] of 0 and 1, at least one a row
 * @returns [n, m], rows sum to 1
 */
export function uniformSmoothing(positives: Tensor2D, alpha: number): Tensor2D {
  return tf.add(tf.mul(multiPositiveTargets(positives), 1 - alpha), alpha / positives.shape[1]);
}
