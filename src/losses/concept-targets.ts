import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {topEntries} from './top-entries.js';

/**
 * SemiCLIP's concept targets (ICLR 2025): the concepts of a caption share a row evenly; a caption without any has a row
 * of zeros. The denominator is the count + 1e-8, as in its code.
 * @param multiHot [n, c], 1 where the caption of a row holds the concept, else 0
 * @returns [n, c]
 */
export function conceptTargets(multiHot: Tensor2D): Tensor2D {
  return tf.div(multiHot, tf.add(tf.sum(multiHot, 1, true), 1e-8));
}

/**
 * SemiCLIP's pseudo-concepts: the k best concepts of every row share it evenly, the lower index of a tie. Constants.
 * @param scores [u, c], of a weak view
 * @returns [u, c]
 */
export function pseudoConcepts(scores: Tensor2D, k: number): Tensor2D {
  return conceptTargets(tf.sum(topEntries(scores, k), 1));
}
