import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import {constant} from './constant.js';
import {similarityTargetLoss, type Directions} from './pair-targets.js';

/** Tokens of b images and m texts in one space. */
export interface TokenFeatures {
  /** [b, p, d], rows of unit length. */
  readonly images: Tensor3D;
  /** [m, t, d], rows of unit length. */
  readonly texts: Tensor3D;
  /** [m, t], 1 for tokens that count, 0 for padding; at least one of a text counts. */
  readonly textMask: Tensor2D;
}

/**
 * FILIP's late interaction (arXiv:2111.07783): every token is compared with the nearest token of the other
 * side. Image to text: the mean over the patches of the largest cosine among the text's tokens. Text to image: the mean
 * over the text's tokens of the largest cosine among the patches. The two differ. Padding neither wins nor counts, and
 * its gradient is exactly zero. With `sum` the first is ColBERT's score of a query against documents
 * (arXiv:2004.12832).
 */
export function lateInteraction(tokens: TokenFeatures, combine: 'mean' | 'sum' = 'mean'): Directions {
  const {textMask} = tokens;
  const [m, t] = textMask.shape;
  const cosines = tokenCosines(tokens); // [b, p, m, t]
  const padding = tf.reshape(tf.mul(tf.sub(textMask, 1), 1e9), [1, 1, m, t]);
  const nearestWord: Tensor3D = tf.max(tf.add(cosines, padding), 3); // [b, p, m]
  const nearestPatch: Tensor3D = tf.max(cosines, 1); // [b, m, t]
  const words = tf.sum<Tensor2D>(tf.mul(nearestPatch, tf.reshape(textMask, [1, m, t])), 2); // [b, m]
  const patches = tf.sum<Tensor2D>(nearestWord, 1); // [b, m]
  if (combine === 'sum') return {imageToText: patches, textToImage: tf.transpose(words)};
  const counts = tf.maximum(tf.sum(textMask, 1), 1); // [m]
  return {
    imageToText: tf.div(patches, tokens.images.shape[1]),
    textToImage: tf.transpose(tf.div<Tensor2D>(words, counts)), // [m, b]
  };
}

/**
 * FILIP's objective: 1/2 [CE(s S, diag) + CE(s S', diag)] over the two matrices of {@link lateInteraction}.
 * @param scale s = exp(tau)
 * @param targets defaults to the diagonal
 */
export function lateInteractionLoss(tokens: TokenFeatures, scale: Scalar, targets?: Directions): Scalar {
  const similarities = lateInteraction(tokens);
  const [b, m] = similarities.imageToText.shape;
  const diagonal = () => ({imageToText: tf.eye(b, m), textToImage: tf.eye(m, b)});
  return similarityTargetLoss(similarities, scale, targets ?? diagonal());
}

/**
 * How much of what the words look for one patch of an image gets: the share of all words of all texts that are nearest to
 * the patch that wins most often, the mean over the images. 1 / p at best; near 1 a background patch wins every word, and
 * the late interaction says nothing about places. Patches that tie all win.
 */
export function topPatchShare(tokens: TokenFeatures): Scalar {
  return constant(() => {
    const [m, t] = tokens.textMask.shape;
    const cosines = tokenCosines(tokens); // [b, p, m, t]
    const wins = tf.cast(tf.equal(cosines, tf.max(cosines, 1, true)), 'float32');
    const counted = tf.mul(wins, tf.reshape(tokens.textMask, [1, 1, m, t]));
    const byPatch: Tensor2D = tf.sum(counted, [2, 3]); // [b, p]
    const shares = tf.div(tf.max(byPatch, 1), tf.maximum(tf.sum(tokens.textMask), 1));
    return tf.mean<Scalar>(shares);
  });
}

/**
 * Scores of classes that have several prompts: the mean of the similarities to each, not the similarity to a mean
 * embedding (FILIP).
 * @param similarities [n, m], images to prompts
 * @param prompts for each of c classes, the columns of its prompts
 * @returns [n, c]
 */
export function promptEnsemble(similarities: Tensor2D, prompts: readonly (readonly number[])[]): Tensor2D {
  const columns = similarities.shape[1];
  const shares = new Float32Array(prompts.length * columns);
  prompts.forEach((own, c) => {
    for (const column of own) shares[c * columns + column] = 1 / own.length;
  });
  return tf.matMul(similarities, tf.tensor2d(shares, [prompts.length, columns]), false, true);
}

/** All cosines of patches and words, [b, p, m, t], by one matrix product. */
function tokenCosines({images, texts}: TokenFeatures): Tensor4D {
  const [b, p, d] = images.shape;
  const [m, t] = texts.shape;
  const patches: Tensor2D = tf.reshape(images, [b * p, d]);
  const words: Tensor2D = tf.reshape(texts, [m * t, d]);
  return tf.reshape(tf.matMul(patches, words, false, true), [b, p, m, t]);
}
