import * as tf from '@tensorflow/tfjs-core';
import type {Rank, Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import {queryAttention} from './attention.js';
import {linear} from './linear.js';
import type {Lookup} from './lookup.js';

/**
 * Attention of the mean pixel to the map and itself: [n, h, w, c] -> [n, d]. Weights: `positional_embedding`
 * [1 + h*w, c], `q_proj`, `k_proj`, `v_proj` [c, c] and `c_proj` [d, c], with biases.
 */
export function attentionPool(map: Tensor4D, weights: Lookup, heads: number): Tensor2D {
  const [n, h, w, c] = map.shape;
  const pixels = tf.reshape<Rank.R3>(map, [n, h * w, c]);
  const all = tf.concat([tf.mean<Tensor3D>(pixels, 1, true), pixels], 1); // [n, 1 + h*w, c]
  const placed = tf.add<Tensor3D>(all, weights('positional_embedding'));
  const rows = tf.reshape<Rank.R2>(placed, [n * (1 + h * w), c]);
  const first = tf.reshape<Rank.R2>(tf.slice(placed, [0, 0, 0], [n, 1, c]), [n, c]);
  const q = linear(first, weights, 'q_proj');
  const k = linear(rows, weights, 'k_proj');
  const v = linear(rows, weights, 'v_proj');
  return linear(queryAttention(q, k, v, {n, heads, mask: null}), weights, 'c_proj');
}
