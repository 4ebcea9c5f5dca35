import * as tf from '@tensorflow/tfjs-core';
import type {Rank, Tensor1D, Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import type {ClipConfig} from '../clip-config.js';
import {activate} from './activation.js';
import {attentionWeights, biasedSelfAttention, queryAttention, selfAttention} from './attention.js';
import {layerNorm} from './layer-norm.js';
import {affine, linear} from './linear.js';
import type {Lookup} from './lookup.js';
import {residualAdd} from './residual.js';

/** A stack of pre-norm residual attention blocks. */
export interface Transformer {
  /** Weights below the stack: `resblocks.0.ln_1.weight`, ... */
  readonly weights: Lookup;
  readonly layers: number;
  readonly heads: number;
  readonly layerNormEpsilon: number;
  readonly activation: ClipConfig['activation'];
  /** [h, t, t], added to the attention logits of every block, and trained; left out: none. */
  readonly attentionBias?: Tensor3D;
  /** Whether what a branch adds is multiplied by `<block>.ls_1.gamma` or `ls_2.gamma` [w] (LayerScale, arXiv:2103.17239). */
  readonly layerScale?: boolean;
}

/** The one row of each sequence that a tower reads. */
export interface PickedRow {
  /** [n, t, w] -> [n, w] */
  readonly pick: (x: Tensor3D) => Tensor2D;
  /** [n, t], the mask that the picked rows see; null for none. */
  readonly mask: Tensor2D | null;
}

/**
 * All rows behind the last block: [n, t, w] -> [n, t, w]. `mask` [t, t] is added to the attention logits.
 * @param paths [n, 2 * layers], what the attention and the MLP branch of each block are multiplied by; left out: 1
 */
export function transformerTokens(
  x: Tensor3D,
  stack: Transformer,
  mask: Tensor2D | null,
  paths?: Tensor2D,
): Tensor3D {
  return runBlocks(x, stack, {mask, count: stack.layers, paths});
}

/**
 * The attention of every block, to be looked at: [n, t, w] -> [n, layers, heads * t * t], the rows of each map sum to 1.
 * Without a mask.
 */
export function transformerAttention(x: Tensor3D, stack: Transformer): Tensor3D {
  const [n, t, width] = x.shape;
  let tokens = x;
  const maps: Tensor3D[] = [];
  for (let i = 0; i < stack.layers; i++) {
    const qkv = blockQkv(tf.reshape(tokens, [n * t, width]), stack, `resblocks.${i}`);
    maps.push(tf.reshape(attentionWeights(qkv, {n, heads: stack.heads}), [n, 1, stack.heads * t * t]));
    tokens = runBlocks(tokens, stack, {mask: null, first: i, count: i + 1});
  }
  return tf.concat(maps, 1);
}

/**
 * One row of each sequence behind the last block, [n, t, w] -> [n, w]: the picked rows of {@link transformerTokens},
 * without what the last block would compute for the others.
 */
export function transformerRow(
  x: Tensor3D,
  stack: Transformer,
  mask: Tensor2D | null,
  row: PickedRow,
): Tensor2D {
  const tokens = runBlocks(x, stack, {mask, count: stack.layers - 1});
  return tf.tidy(() => {
    const picked = residualAdd(row.pick(tokens), pickedAttention(tokens, stack, row));
    return mlp(picked, stack, `resblocks.${stack.layers - 1}`);
  });
}

interface Run {
  readonly mask: Tensor2D | null;
  /** The first block and the one behind the last. */
  readonly first?: number;
  readonly count: number;
  readonly paths?: Tensor2D | undefined;
}

function runBlocks(x: Tensor3D, stack: Transformer, {mask, first = 0, count, paths}: Run): Tensor3D {
  const [n, t, width] = x.shape;
  const shape = {n, heads: stack.heads};
  let rows: Tensor2D = tf.reshape(x, [n * t, width]);
  for (let i = first; i < count; i++) {
    const block = `resblocks.${i}`;
    // a scope of its own: what no gradient needs is freed behind each block
    rows = tf.tidy(() => {
      const qkv = blockQkv(rows, stack, block);
      const {attentionBias: bias} = stack;
      const heads = bias ? biasedSelfAttention(qkv, bias, shape) : selfAttention(qkv, shape, mask);
      const attended = linear(heads, stack.weights, `${block}.attn.out_proj`);
      const passed = (out: Tensor2D, branch: 0 | 1) => {
        const scaled = stack.layerScale ? scaledBranch(out, stack, `${block}.ls_${branch + 1}.gamma`) : out;
        return paths ? alongPath(scaled, paths, 2 * i + branch) : scaled;
      };
      return mlp(residualAdd(rows, passed(attended, 0)), stack, block, (out) => passed(out, 1));
    });
  }
  return tf.reshape(rows, [n, t, width]);
}

/** Queries, keys and values of a block, side by side: [r, w] -> [r, 3*w]. */
function blockQkv(rows: Tensor2D, {weights, layerNormEpsilon}: Transformer, block: string): Tensor2D {
  const normal = layerNorm(rows, weights, `${block}.ln_1`, layerNormEpsilon);
  return affine(normal, weights(`${block}.attn.in_proj_weight`), weights(`${block}.attn.in_proj_bias`));
}

/** Each channel of rows [r, w] times its own weight. */
function scaledBranch(rows: Tensor2D, {weights}: Transformer, name: string): Tensor2D {
  return tf.mul<Tensor2D>(rows, weights(name));
}

/** Rows [n*t, w] of n sequences, each times its own entry of a column of [n, paths]. */
function alongPath(rows: Tensor2D, paths: Tensor2D, path: number): Tensor2D {
  const n = paths.shape[0];
  const sequences = tf.reshape<Rank.R2>(rows, [n, rows.size / n]);
  return tf.reshape(tf.mul(sequences, tf.slice(paths, [0, path], [n, 1])), rows.shape);
}

/** The attention branch of the last block, for the picked rows: [n, t, w] -> [n, w]. */
function pickedAttention(x: Tensor3D, stack: Transformer, {pick, mask}: PickedRow): Tensor2D {
  const [n, t, width] = x.shape;
  const block = `resblocks.${stack.layers - 1}`;
  const rows = tf.reshape<Rank.R2>(x, [n * t, width]);
  const normal = layerNorm(rows, stack.weights, `${block}.ln_1`, stack.layerNormEpsilon);
  const weight = stack.weights<Tensor2D>(`${block}.attn.in_proj_weight`);
  const bias = stack.weights<Tensor1D>(`${block}.attn.in_proj_bias`);
  const [wq, wk, wv] = tf.split(weight, 3) as [Tensor2D, Tensor2D, Tensor2D];
  const [bq, bk, bv] = tf.split(bias, 3) as [Tensor1D, Tensor1D, Tensor1D];
  const q = affine(pick(tf.reshape(normal, [n, t, width])), wq, bq);
  const shape = {n, heads: stack.heads, mask};
  const attended = queryAttention(q, affine(normal, wk, bk), affine(normal, wv, bv), shape);
  return linear(attended, stack.weights, `${block}.attn.out_proj`);
}

/** x plus the MLP branch of a block, row by row: [r, w] -> [r, w]. */
function mlp(
  x: Tensor2D,
  stack: Transformer,
  block: string,
  passed: (branch: Tensor2D) => Tensor2D = (branch) => branch,
): Tensor2D {
  const normal = layerNorm(x, stack.weights, `${block}.ln_2`, stack.layerNormEpsilon);
  const hidden = activate(linear(normal, stack.weights, `${block}.mlp.c_fc`), stack.activation);
  return residualAdd(x, passed(linear(hidden, stack.weights, `${block}.mlp.c_proj`)));
}
