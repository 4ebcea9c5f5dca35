import * as tf from '@tensorflow/tfjs-core';
import type {Rank, Tensor1D, Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../engine/step.js';
import type {ClipConfig} from '../clip-config.js';
import {imageTokens} from '../image-tower.js';
import type {BatchNormContext} from '../layers/batch-norm.js';
import {affine, linear} from '../layers/linear.js';
import {lookup} from '../layers/lookup.js';
import {textTokens} from '../text-tower.js';
import {unitRows} from '../unit-rows.js';

/** A linear layer that takes tokens into a space of its own. */
export interface TokenHead {
  /** [d, w]. */
  readonly weight: Tensor2D;
  /** [d]. */
  readonly bias: Tensor1D;
}

/**
 * The places of images in the space where they are compared with words: [n, s, s, 3] -> [n, p, d], rows of unit length.
 * With a head the tokens go through it, as a method that compares tokens has trained it. Without one it is the space of
 * whole images and texts: a transformer's patches go through the projection of its class token, the pixels of a ResNet's map
 * through value and output of its attention pool, as in MaskCLIP (arXiv:2112.01071).
 * @param context weights and running statistics by name, in evaluation mode
 */
export function jointPatches(
  config: ClipConfig,
  context: BatchNormContext,
  images: Tensor4D,
  head?: TokenHead,
): Tensor3D {
  const {weights} = context;
  const {tokens} = imageTokens(config, context, images);
  const isVit = config.vision.kind === 'vit';
  const patches = isVit ? withoutFirst(tokens) : tokens;
  const project = (rows: Tensor2D): Tensor2D => {
    if (head) return affine(rows, head.weight, head.bias);
    if (isVit) return tf.matMul(rows, lookup(weights)('visual.proj'));
    const pool = lookup(weights, 'visual.attnpool.');
    return linear(linear(rows, pool, 'v_proj'), pool, 'c_proj');
  };
  return throughRows(patches, (rows) => unitRows(project(rows)));
}

/**
 * The tokens of texts in the same space: ids [n, t] int32 -> [n, t, d], rows of unit length. Without a head the row of the
 * end token is the text's own feature; each other one knows only what stands before it.
 */
export function jointWords(config: ClipConfig, weights: Tensors, ids: Tensor2D, head?: TokenHead): Tensor3D {
  const project = (rows: Tensor2D): Tensor2D =>
    head ? affine(rows, head.weight, head.bias) : tf.matMul(rows, lookup(weights)('text_projection'));
  return throughRows(textTokens(config, weights, ids), (rows) => unitRows(project(rows)));
}

/** Without the class token: [n, 1 + p, w] -> [n, p, w]. */
function withoutFirst(tokens: Tensor3D): Tensor3D {
  const [n, t, width] = tokens.shape;
  return tf.slice(tokens, [0, 1, 0], [n, t - 1, width]);
}

/** Applies a function of rows to all tokens: [n, t, w] -> [n, t, v]. */
function throughRows(tokens: Tensor3D, change: (rows: Tensor2D) => Tensor2D): Tensor3D {
  const [n, t, width] = tokens.shape;
  const changed = change(tf.reshape<Rank.R2>(tokens, [n * t, width]));
  return tf.reshape(changed, [n, t, changed.shape[1]]);
}
