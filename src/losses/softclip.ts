import * as tf from '@tensorflow/tfjs-core';
import type {Scalar} from '@tensorflow/tfjs-core';
import type {PairedFeatures} from './contrastive.js';
import {divergence, type DivergenceKind} from './divergence.js';
import {meanEntropy} from './entropy.js';
import {pairCosines, type Directions} from './pair-targets.js';
import {logSoftmaxOfNegatives, logSoftTargets} from './self-similarity.js';

/** Embeddings of n pairs and what they are compared with. */
export interface SoftAlignment {
  readonly pairs: PairedFeatures;
  /** s = exp(tau). */
  readonly scale: Scalar;
  /** [n, n] each: log q of the images, then of the texts, from `logSelfSimilarity`. */
  readonly logSimilarity: Directions;
}

/**
 * SoftCLIP's relaxed alignment (arXiv:2303.17561): the divergence of soft targets from the predictions softmax(s I T^t)
 * and softmax(s T I^t), the mean of both directions.
 * @param beta the share of self-similarity in a target, in (0, 1]
 */
export function softAlignmentLoss(alignment: SoftAlignment, beta: number, kind: DivergenceKind): Scalar {
  return meanDivergence(softTargets(alignment, beta), logitsOf(alignment), {kind, normalise: tf.logSoftmax});
}

/** The mean entropy in nats of both sides' soft targets: near 0 they are one-hot, and the method does nothing. */
export function meanTargetEntropy(alignment: Pick<SoftAlignment, 'logSimilarity'>, beta: number): Scalar {
  const {imageToText, textToImage} = softTargets(alignment, beta);
  const [images, texts] = [imageToText, textToImage].map((log) => meanEntropy(tf.exp(log)));
  return tf.mul(0.5, tf.add<Scalar>(images!, texts!));
}

/**
 * SoftCLIP's relation of the negatives: the same without the positive on either side, each row renormalised over the
 * other n - 1. It sends no gradient into the similarity of a pair, and with n = 2 it is 0.
 */
export function negativesAlignmentLoss(alignment: SoftAlignment, kind: DivergenceKind): Scalar {
  const {imageToText, textToImage} = alignment.logSimilarity;
  const targets = {
    imageToText: logSoftmaxOfNegatives(imageToText),
    textToImage: logSoftmaxOfNegatives(textToImage),
  };
  return meanDivergence(targets, logitsOf(alignment), {kind, normalise: logSoftmaxOfNegatives});
}

function softTargets({logSimilarity}: Pick<SoftAlignment, 'logSimilarity'>, beta: number): Directions {
  return {
    imageToText: logSoftTargets(logSimilarity.imageToText, beta),
    textToImage: logSoftTargets(logSimilarity.textToImage, beta),
  };
}

function logitsOf({pairs, scale}: SoftAlignment): Directions {
  const {imageToText, textToImage} = pairCosines(pairs);
  return {imageToText: tf.mul(scale, imageToText), textToImage: tf.mul(scale, textToImage)};
}

interface Comparison {
  readonly kind: DivergenceKind;
  readonly normalise: (logits: tf.Tensor2D) => tf.Tensor2D;
}

function meanDivergence(logTargets: Directions, logits: Directions, {kind, normalise}: Comparison): Scalar {
  const oneWay = (direction: keyof Directions) =>
    divergence(logTargets[direction], normalise(logits[direction]), kind);
  return tf.mul(0.5, tf.add(oneWay('imageToText'), oneWay('textToImage')));
}
