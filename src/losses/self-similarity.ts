import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {constant} from './constant.js';

/**
 * How alike the n items of a batch are within one modality, q_ij = softmax_j(s r_i . r_j), as SoftCLIP
 * (arXiv:2303.17561) softens its targets. Constants: with gradients, equal embeddings would be a perfect answer.
 * @param rows [n, d], rows of unit length
 * @param scale s of the targets; at the 100 of a trained CLIP the rows are nearly one-hot
 * @returns [n, n], log q, the diagonal included
 */
export function logSelfSimilarity(rows: Tensor2D, scale: Scalar | number): Tensor2D {
  return constant(() => tf.logSoftmax(tf.mul<Tensor2D>(tf.matMul(rows, rows, false, true), scale)));
}

/**
 * SoftCLIP's soft targets: t_ij = (1 - beta) [i = j] + beta q_ij, in logarithms, so that none underflows.
 * @param logSimilarity [n, n], log q
 * @param beta in (0, 1]; at 0 the targets are one-hot and a KL from the predictions to them is infinite
 * @returns [n, n], log t
 */
export function logSoftTargets(logSimilarity: Tensor2D, beta: number): Tensor2D {
  return constant(() => {
    const identity: Tensor2D = tf.eye(logSimilarity.shape[0]);
    const others = tf.sub(1, identity);
    const mixed = tf.mul(identity, tf.add(1 - beta, tf.mul(beta, tf.exp(logSimilarity))));
    const diagonal = tf.log(tf.add(mixed, others)); // log 1 = 0 beside the diagonal
    return tf.add(tf.mul(others, tf.add(logSimilarity, Math.log(beta))), diagonal);
  });
}

/**
 * Log-softmax of every row without its diagonal entry, which is left at about -1e9: exactly 0 once exponentiated, with
 * no gradient. On logarithms of probabilities it renormalises the other n - 1 entries.
 * @param logits [n, n]
 * @returns [n, n]
 */
export function logSoftmaxOfNegatives(logits: Tensor2D): Tensor2D {
  return tf.logSoftmax(tf.add<Tensor2D>(logits, tf.mul(tf.eye(logits.shape[0]), -1e9)));
}
