import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {softCrossEntropy} from './soft-cross-entropy.js';

/**
 * One direction of InfoNCE: row r of the queries belongs to row r of the candidates, CE(s A B^t, diag). Half of CLIP's
 * loss; by itself for views of one modality (CyCLIP's in-modal option) and neighbours in place of captions (DeCLIP).
 * @param queries [n, d], rows of unit length
 * @param candidates [m, d], m >= n, rows of unit length
 * @param scale s = exp(tau)
 */
export function oneWayContrastiveLoss(queries: Tensor2D, candidates: Tensor2D, scale: Scalar): Scalar {
  const logits: Tensor2D = tf.mul(scale, tf.matMul(queries, candidates, false, true)); // [n, m]
  return softCrossEntropy(logits, tf.eye(...logits.shape));
}
