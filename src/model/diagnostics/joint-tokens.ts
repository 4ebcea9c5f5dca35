import * as tf from '@tensorflow/tfjs-core';
import type {Rank, Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../engine/step.js';
import type {ClipConfig} from '../clip-config.js';
import {imageTokens, pooledImages} from '../image-tower.js';
import type {BatchNormContext} from '../layers/batch-norm.js';
import {linear} from '../layers/linear.js';
import {lookup} from '../layers/lookup.js';
import {textTokens} from '../text-tower.js';
import {unitRows} from '../unit-rows.js';

/**
 * An image and its places in the space that CLIP compares images and texts in: [n, s, s, 3] -> [n, 1 + p, d], rows of
 * unit length, the image's own feature first. A transformer's patches go through the projection of its class token; the
 * pixels of a ResNet's map go through value and output of its attention pool, as in MaskCLIP (arXiv:2112.01071).
 * @param context weights and running statistics by name, in evaluation mode
 */
export function jointImageTokens(config: ClipConfig, context: BatchNormContext, images: Tensor4D): Tensor3D {
  const {weights} = context;
  const {tokens} = imageTokens(config, context, images);
  const joint =
    config.vision.kind === 'vit'
      ? throughRows(tokens, (rows) => tf.matMul(rows, lookup(weights)('visual.proj')))
      : tf.concat([tf.expandDims(pooledImages(config, weights, tokens), 1), denseMap(tokens, weights)], 1);
  return throughRows(joint as Tensor3D, unitRows);
}

/**
 * The tokens of texts in the same space: ids [n, t] int32 -> [n, t, d], rows of unit length. The row of the end token is
 * the text's own feature; each other one knows only what stands before it.
 */
export function jointTextTokens(config: ClipConfig, weights: Tensors, ids: Tensor2D): Tensor3D {
  const projection: Tensor2D = lookup(weights)('text_projection');
  return throughRows(textTokens(config, weights, ids), (rows) => unitRows(tf.matMul(rows, projection)));
}

/** What the attention pool would give for each pixel of the map alone: [n, p, c] -> [n, p, d]. */
function denseMap(tokens: Tensor3D, weights: Tensors): Tensor3D {
  const pool = lookup(weights, 'visual.attnpool.');
  return throughRows(tokens, (rows) => linear(linear(rows, pool, 'v_proj'), pool, 'c_proj'));
}

/** Applies a function of rows to all tokens: [n, t, w] -> [n, t, v]. */
function throughRows(tokens: Tensor3D, change: (rows: Tensor2D) => Tensor2D): Tensor3D {
  const [n, t, width] = tokens.shape;
  const changed = change(tf.reshape<Rank.R2>(tokens, [n * t, width]));
  return tf.reshape(changed, [n, t, changed.shape[1]]);
}
