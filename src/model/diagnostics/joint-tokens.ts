import * as tf from '@tensorflow/tfjs-core';
import type {Rank, Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../engine/step.js';
import type {ClipConfig} from '../clip-config.js';
import {comparedTokens, patchTokens, type TokenHead} from '../compared-tokens.js';
import {imageTokens} from '../image-tower.js';
import type {BatchNormContext} from '../layers/batch-norm.js';
import {linear} from '../layers/linear.js';
import {lookup} from '../layers/lookup.js';
import {textTokens} from '../text-tower.js';
import {unitRows} from '../unit-rows.js';

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
  const patches = patchTokens(config, tokens);
  if (head) return comparedTokens(patches, head);
  const project = (rows: Tensor2D): Tensor2D => {
    if (config.vision.kind === 'vit') return tf.matMul(rows, lookup(weights)('visual.proj'));
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
  const tokens = textTokens(config, weights, ids);
  if (head) return comparedTokens(tokens, head);
  return throughRows(tokens, (rows) => unitRows(tf.matMul(rows, lookup(weights)('text_projection'))));
}

/** Applies a function of rows to all tokens: [n, t, w] -> [n, t, v]. */
function throughRows(tokens: Tensor3D, change: (rows: Tensor2D) => Tensor2D): Tensor3D {
  const [n, t, width] = tokens.shape;
  const changed = change(tf.reshape<Rank.R2>(tokens, [n * t, width]));
  return tf.reshape(changed, [n, t, changed.shape[1]]);
}
