import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import {constant} from './constant.js';
import {topEntries} from './top-entries.js';

/** n rows of t tokens, some of them padding. */
export interface MaskedTokens {
  /** [n, t, d]. */
  readonly tokens: Tensor3D;
  /** [n, t], 1 for tokens that count, 0 for padding. */
  readonly mask: Tensor2D;
}

/** Rounding of a product of a fraction and a count, which must not make one token more. */
const rounding = 1e-4;

/**
 * Of every token, the largest cosine with any token of the other modality in the whole batch: what FILIP keeps tokens by
 * (arXiv:2111.07783). Constants.
 * @param tokens [n, t, d], rows of unit length
 * @param others tokens of unit length
 * @returns [n, t]
 */
export function tokenScores(tokens: Tensor3D, others: MaskedTokens): Tensor2D {
  return constant(() => {
    const [n, t, d] = tokens.shape;
    const [m, r] = others.mask.shape;
    const rows: Tensor2D = tf.reshape(tokens, [n * t, d]);
    const columns: Tensor2D = tf.reshape(others.tokens, [m * r, d]);
    const padding = tf.reshape(tf.mul(tf.sub(others.mask, 1), 1e9), [1, m * r]);
    const cosines = tf.add<Tensor2D>(tf.matMul(rows, columns, false, true), padding); // [n*t, m*r]
    return tf.reshape(tf.max(cosines, 1), [n, t]);
  });
}

/**
 * The highest-scoring tokens of every row: ceil(fraction * v) of its v that count, the lower index of a tie, in
 * descending order of score. Gradients flow into the tokens, not into the scores. FILIP keeps a quarter, by
 * {@link tokenScores}; random scores keep random tokens.
 * @param scores [n, t]
 * @param fraction in (0, 1]
 * @returns k = ceil(fraction * t) tokens a row, those past a row's own count masked
 */
export function keepTokens({tokens, mask}: MaskedTokens, scores: Tensor2D, fraction: number): MaskedTokens {
  const k = Math.max(1, Math.ceil(fraction * tokens.shape[1] - rounding));
  const padding = tf.mul(tf.sub(mask, 1), 1e9);
  const kept = topEntries(tf.add(scores, padding), k); // [n, k, t]
  const counts = tf.mul(fraction, tf.sum(mask, 1, true)); // [n, 1]
  const ranks = tf.tensor1d(Array.from({length: k}, (_, rank) => rank + rounding)); // [k]
  return {
    tokens: tf.matMul(kept, tokens),
    mask: tf.step(tf.sub<Tensor2D>(counts, ranks)), // rank < ceil(x) just when rank < x
  };
}
