import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {stopGradient} from '../engine/stop-gradient.js';
import {hardAssignment} from './assignment.js';

/** What a keyword target is made of. */
export interface KeywordTargetInputs {
  /** [u, d], unpaired images, rows of unit length. */
  readonly queries: Tensor2D;
  /** [k, d], keywords, rows of unit length. */
  readonly words: Tensor2D;
  /** s = exp(tau). */
  readonly scale: Scalar;
  /** [u, k] of 0 and 1. */
  readonly candidates: Tensor2D;
}

/**
 * S-CLIP's keyword pseudo-labels (arXiv:2305.14095), constants for the gradient.
 * @param share how candidates share a row: `ratio` of cosines, as the paper's code, or `softmax`
 * @returns [u, k], zero outside the candidates
 */
export function keywordTargets(inputs: KeywordTargetInputs, share: 'ratio' | 'softmax'): Tensor2D {
  const candidates = stopGradient(inputs.candidates);
  const cosines: Tensor2D = tf.matMul(stopGradient(inputs.queries), stopGradient(inputs.words), false, true);
  return share === 'ratio'
    ? ratioTargets(cosines, candidates)
    : softmaxTargets(tf.mul(stopGradient(inputs.scale), cosines), candidates);
}

/**
 * The keyword candidates of each unpaired image: the keywords in the caption of its nearest captioned image, which
 * is the arg-max of its row of the plan (S-CLIP, arXiv:2305.14095, keyword-level term).
 * @param plan [u, b]
 * @param labels [b, k], 1 where the caption holds the keyword, else 0
 * @returns [u, k] of 0 and 1
 */
export function candidateSets(plan: Tensor2D, labels: Tensor2D): Tensor2D {
  return tf.matMul(hardAssignment(stopGradient(plan)), labels);
}

/**
 * Targets in proportion to the cosines of the candidates, as S-CLIP's code has it: cosine / sum of cosines over the
 * candidates. One candidate gets 1, none gives a row of zeros. Cosines of both signs give targets below 0 or above
 * 1, as published; cosines that sum to exactly 0 have no ratio and share evenly.
 * @param cosines [u, k]
 * @param candidates [u, k] of 0 and 1
 * @returns [u, k]
 */
export function ratioTargets(cosines: Tensor2D, candidates: Tensor2D): Tensor2D {
  const masked = tf.mul(cosines, candidates);
  const sum = tf.sum(masked, 1, true); // [u, 1]
  const count = tf.sum(candidates, 1, true); // [u, 1]
  // Comparisons have no gradient and would break a tape that runs through here: step(x) is 1 for x > 0, else 0.
  const hasRatio = tf.mul(tf.step(tf.sub(count, 1)), tf.step(tf.abs(sum))); // [u, 1]
  const hasNone = tf.sub(1, hasRatio);
  const ratio = tf.div(tf.mul(hasRatio, masked), tf.add(tf.mul(hasRatio, sum), hasNone));
  const even = tf.div(tf.mul(hasNone, candidates), tf.maximum(count, 1));
  return tf.add(ratio, even);
}

/**
 * Targets by a softmax over the candidates alone, as partial-label learning normalises: never negative, rows sum
 * to 1, and a row without candidates is zero.
 * @param logits [u, k], cosines times scale
 * @param candidates [u, k] of 0 and 1
 * @returns [u, k]
 */
export function softmaxTargets(logits: Tensor2D, candidates: Tensor2D): Tensor2D {
  const others = tf.mul(tf.sub(1, candidates), -1e9); // exp underflows to exactly 0 beside any candidate
  return tf.mul(tf.softmax(tf.add<Tensor2D>(logits, others)), candidates);
}
