import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import {fusedOp} from './fused-op.js';

/** n sequences of equal length, attended by h heads. */
export interface AttentionShape {
  readonly n: number;
  readonly heads: number;
}

/**
 * Softmax attention of every row to the rows of its own sequence (Vaswani et al. 2017, section 3.2).
 * @param qkv [n*t, 3*w], queries, keys and values side by side
 * @param mask [t, t], added to the logits; null for none
 * @returns [n*t, w]
 */
export function selfAttention(qkv: Tensor2D, shape: AttentionShape, mask: Tensor2D | null): Tensor2D {
  return fusedOp([qkv], () => {
    const [query, k, v] = splitHeads(qkv, shape, 3) as [Tensor4D, Tensor4D, Tensor4D];
    const {q, p, out} = attend({query, k, v}, mask);
    return {
      value: mergeHeads([out]),
      saved: {q, k, v, p},
      gradients: (dy, saved) => {
        const [dOut] = splitHeads(dy, shape, 1) as [Tensor4D];
        return [mergeHeads(attentionGradients(dOut, saved))];
      },
    };
  });
}

/**
 * As {@link selfAttention}, with a bias that trains in the place of a mask: one for all sequences.
 * @param bias [h, t, t], added to the logits
 */
export function biasedSelfAttention(qkv: Tensor2D, bias: Tensor3D, shape: AttentionShape): Tensor2D {
  return fusedOp([qkv, bias], () => {
    const [query, k, v] = splitHeads(qkv, shape, 3) as [Tensor4D, Tensor4D, Tensor4D];
    const {q, p, out} = attend({query, k, v}, bias);
    return {
      value: mergeHeads([out]),
      saved: {q, k, v, p},
      gradients: (dy, saved) => {
        const [dOut] = splitHeads(dy, shape, 1) as [Tensor4D];
        const dLogits = logitGradients(dOut, saved);
        return [mergeHeads(attentionGradients(dOut, saved, dLogits)), tf.sum<Tensor3D>(dLogits, 0)];
      },
    };
  });
}

/**
 * How much every row attends to each row of its own sequence, to be looked at: no gradient runs through it.
 * @param qkv [n*t, 3*w], queries, keys and values side by side
 * @returns [n, h, t, t], rows sum to 1
 */
export function attentionWeights(qkv: Tensor2D, shape: AttentionShape): Tensor4D {
  const [query, k, v] = splitHeads(qkv, shape, 3) as [Tensor4D, Tensor4D, Tensor4D];
  return attend({query, k, v}, null).p;
}

/**
 * Softmax attention of one query for each sequence.
 * @param q [n, w]
 * @param k [n*t, w]
 * @param v [n*t, w]
 * @param options.mask [n, t], added to the logits; null for none
 * @returns [n, w]
 */
export function queryAttention(
  q: Tensor2D,
  k: Tensor2D,
  v: Tensor2D,
  {mask, ...shape}: AttentionShape & {readonly mask: Tensor2D | null},
): Tensor2D {
  return fusedOp([q, k, v], () => {
    const [query, keys, values] = [q, k, v].map((x) => splitHeads(x, shape, 1)[0]!) as [
      Tensor4D,
      Tensor4D,
      Tensor4D,
    ];
    const rows = mask && tf.reshape(mask, [mask.shape[0], 1, 1, mask.shape[1]]);
    const {q: scaled, p, out} = attend({query, k: keys, v: values}, rows);
    return {
      value: mergeHeads([out]),
      saved: {q: scaled, k: keys, v: values, p},
      gradients: (dy, saved) => {
        const [dOut] = splitHeads(dy, shape, 1) as [Tensor4D];
        const [dq, dk, dv] = attentionGradients(dOut, saved);
        return [mergeHeads([dq]), mergeHeads([dk]), mergeHeads([dv])];
      },
    };
  });
}

/** An additive mask [t, t] that hides from every row what comes after it. */
export function causalMask(t: number): Tensor2D {
  const hidden = new Float32Array(t * t);
  // finite, so that a product with a one-hot row stays exact; exp(-1e9) is 0 in float32
  for (let i = 0; i < t; i++) hidden.fill(-1e9, i * t + i + 1, (i + 1) * t);
  return tf.tensor2d(hidden, [t, t]);
}

interface Attended extends Record<string, Tensor4D> {
  /** Queries, already divided by the root of the head's width. */
  readonly q: Tensor4D;
  readonly k: Tensor4D;
  readonly v: Tensor4D;
  /** Attention weights [n, h, queries, keys], rows sum to 1. */
  readonly p: Tensor4D;
}

function attend(
  {query, k, v}: {query: Tensor4D; k: Tensor4D; v: Tensor4D},
  mask: tf.Tensor | null,
): {q: Tensor4D; p: Tensor4D; out: Tensor4D} {
  const q = tf.mul<Tensor4D>(query, 1 / Math.sqrt(query.shape[3]));
  const logits = tf.matMul<Tensor4D>(q, k, false, true); // [n, h, queries, keys]
  const p = tf.softmax<Tensor4D>(mask ? tf.add<Tensor4D>(logits, mask) : logits);
  return {q, p, out: tf.matMul(p, v)};
}

/** [n, h, queries, keys]. */
function logitGradients(dOut: Tensor4D, {v, p}: Pick<Attended, 'v' | 'p'>): Tensor4D {
  const weighted = tf.mul<Tensor4D>(p, tf.matMul(dOut, v, false, true));
  return tf.sub<Tensor4D>(weighted, tf.mul(p, tf.sum(weighted, 3, true)));
}

function attentionGradients(
  dOut: Tensor4D,
  {q, k, v, p}: Attended,
  dLogits = logitGradients(dOut, {v, p}),
): [Tensor4D, Tensor4D, Tensor4D] {
  const dq = tf.mul<Tensor4D>(tf.matMul(dLogits, k), 1 / Math.sqrt(q.shape[3]));
  return [dq, tf.matMul(dLogits, q, true, false), tf.matMul(p, dOut, true, false)];
}

/** [n*t, parts*w] -> that many [n, h, t, w/h]. */
function splitHeads(x: Tensor2D, {n, heads}: AttentionShape, parts: number): Tensor4D[] {
  const [rows, width] = x.shape;
  const split = tf.reshape(x, [n, rows / n, parts, heads, width / parts / heads]);
  return tf.unstack(tf.transpose(split, [2, 0, 3, 1, 4])) as Tensor4D[];
}

/** The reverse of {@link splitHeads}. */
function mergeHeads(parts: readonly Tensor4D[]): Tensor2D {
  const [n, heads, t, width] = parts[0]!.shape;
  const merged = tf.transpose(tf.stack([...parts]), [1, 3, 0, 2, 4]); // [n, t, parts, h, w/h]
  return tf.reshape(merged, [n * t, parts.length * heads * width]);
}
