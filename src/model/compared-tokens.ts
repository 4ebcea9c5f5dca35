import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import type {ClipConfig} from './clip-config.js';
import {affine} from './layers/linear.js';
import type {TokenTensors} from './text-tower.js';
import {unitRows} from './unit-rows.js';

/** A linear layer into the space in which tokens are compared. */
export interface TokenHead {
  /** [d, w]. */
  readonly weight: Tensor2D;
  /** [d]. */
  readonly bias: Tensor1D;
}

/** The tokens of an image that stand for a place in it, without a transformer's class token: [n, t, w] -> [n, p, w]. */
export function patchTokens({vision}: ClipConfig, tokens: Tensor3D): Tensor3D {
  return vision.kind === 'resnet' ? tokens : withoutFirst(tokens);
}

/** The tokens of texts behind the start token, which is the same in all: [n, t, w] -> [n, t - 1, w]. */
export function wordTokens(tokens: Tensor3D): Tensor3D {
  return withoutFirst(tokens);
}

/** Which of {@link wordTokens} count: [n, t - 1], 1 up to the end token, 0 for padding. */
export function wordMask({ids, end}: TokenTensors): Tensor2D {
  const [n, t] = ids.shape;
  const places = tf.tensor1d(Array.from({length: t - 1}, (_, r) => r + 1));
  const last = tf.add(tf.reshape<tf.Rank.R2>(tf.cast(end, 'float32'), [n, 1]), 0.5);
  return tf.step(tf.sub<Tensor2D>(last, places));
}

/** Tokens in the space in which they are compared: [n, t, w] -> [n, t, d], rows of unit length. */
export function comparedTokens(tokens: Tensor3D, {weight, bias}: TokenHead): Tensor3D {
  const [n, t, width] = tokens.shape;
  const rows: Tensor2D = tf.reshape(tokens, [n * t, width]);
  return tf.reshape(unitRows(affine(rows, weight, bias)), [n, t, weight.shape[0]]);
}

function withoutFirst(tokens: Tensor3D): Tensor3D {
  const [n, t, width] = tokens.shape;
  return tf.slice(tokens, [0, 1, 0], [n, t - 1, width]);
}
