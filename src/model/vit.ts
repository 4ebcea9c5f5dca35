import * as tf from '@tensorflow/tfjs-core';
import type {Rank, Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import {reducedPrecision} from '../engine/reduced-precision.js';
import type {Tensors} from '../engine/step.js';
import type {ClipConfig, VitConfig} from './clip-config.js';
import type {ImageNoise, MaskedPatches} from './image-noise.js';
import {layerNorm} from './layers/layer-norm.js';
import {lookup} from './layers/lookup.js';
import {
  transformerAttention,
  transformerRow,
  transformerTokens,
  type Transformer,
} from './layers/transformer.js';

/** A vision transformer's configuration with the activation of the CLIP it belongs to. */
export type ActivatedVit = VitConfig & Pick<ClipConfig, 'activation'>;

/** Features before normalisation, read at the class token: [n, s, s, 3] -> [n, d]. */
export function vitFeatures(images: Tensor4D, config: ActivatedVit, weights: Tensors): Tensor2D {
  return reducedPrecision(() => {
    const own = lookup(weights, 'visual.');
    const row = {pick: firstRow, mask: null};
    const token = transformerRow(embedPatches(images, config, weights), stackOf(config, weights), null, row);
    return tf.matMul(layerNorm(token, own, 'ln_post', config.layerNormEpsilon), own('proj'));
  });
}

/** All tokens behind the last norm, the class token first: [n, s, s, 3] -> [n, 1 + p, w]. */
export function vitTokens(
  images: Tensor4D,
  config: ActivatedVit,
  weights: Tensors,
  {paths, masked}: ImageNoise = {},
): Tensor3D {
  const tokens = reducedPrecision(() =>
    transformerTokens(embedPatches(images, config, weights, masked), stackOf(config, weights), null, paths),
  );
  const [n, t, width] = tokens.shape;
  const rows = tf.reshape<Rank.R2>(tokens, [n * t, width]);
  const normal = layerNorm(rows, lookup(weights, 'visual.'), 'ln_post', config.layerNormEpsilon);
  return tf.reshape(normal, [n, t, width]);
}

/** The attention of every layer, the class token first: [n, s, s, 3] -> [n, layers, heads * (1 + p) * (1 + p)]. */
export function vitAttention(images: Tensor4D, config: ActivatedVit, weights: Tensors): Tensor3D {
  return transformerAttention(embedPatches(images, config, weights), stackOf(config, weights));
}

/** Features before normalisation from the tokens of {@link vitTokens}: [n, 1 + p, w] -> [n, d]. */
export function vitPooled(tokens: Tensor3D, weights: Tensors): Tensor2D {
  return reducedPrecision(() => tf.matMul(firstRow(tokens), lookup(weights, 'visual.')('proj')));
}

function stackOf(config: ActivatedVit, weights: Tensors): Transformer {
  return {...config, weights: lookup(weights, 'visual.transformer.')};
}

/** Class token and patches with their positions, normalised: [n, s, s, 3] -> [n, 1 + p, w]. */
function embedPatches(
  images: Tensor4D,
  config: ActivatedVit,
  weights: Tensors,
  masked?: MaskedPatches,
): Tensor3D {
  const own = lookup(weights, 'visual.');
  return tf.tidy(() => {
    const {width} = config;
    const n = images.shape[0];
    const seen = projectPatches(images, own('conv1.weight'));
    const patches = masked ? hidePatches(seen, masked) : seen;
    const token = tf.reshape<Rank.R3>(own('class_embedding'), [1, 1, width]);
    const all = tf.concat([tf.tile(token, [n, 1, 1]), patches], 1); // [n, 1 + p, w]
    const placed = tf.add(all, own('positional_embedding'));
    const rows = tf.reshape<Rank.R2>(placed, [-1, width]);
    return tf.reshape(layerNorm(rows, own, 'ln_pre', config.layerNormEpsilon), all.shape);
  });
}

/** Puts the embedding of a mask where a patch is hidden: [n, p, w] -> [n, p, w]. */
export function hidePatches(patches: Tensor3D, {places, embedding}: MaskedPatches): Tensor3D {
  const [n, p, width] = patches.shape;
  const hidden = tf.reshape<Rank.R3>(places, [n, p, 1]);
  return tf.add(
    tf.mul(patches, tf.sub(1, hidden)),
    tf.mul(hidden, tf.reshape<Rank.R3>(embedding, [1, 1, width])),
  );
}

/**
 * The patch convolution, stride = kernel size, as one matrix product: [n, s, s, 3] and a kernel [p, p, 3, w] ->
 * [n, floor(s/p)^2, w]. It needs no gradient of a convolution, which not every backend has.
 */
export function projectPatches(images: Tensor4D, kernel: Tensor4D): Tensor3D {
  const [n, size] = images.shape;
  const [p, , channels, width] = kernel.shape;
  const grid = Math.floor(size / p);
  // as a convolution without a border does, leave out what does not fill a patch
  const whole =
    grid * p === size ? images : tf.slice(images, [0, 0, 0, 0], [n, grid * p, grid * p, channels]);
  const split = tf.reshape(whole, [n, grid, p, grid, p, channels]);
  const patches = tf.transpose(split, [0, 1, 3, 2, 4, 5]);
  const rows = tf.reshape<Rank.R2>(patches, [n * grid * grid, p * p * channels]);
  const columns = tf.reshape<Rank.R2>(kernel, [p * p * channels, width]);
  return tf.reshape(tf.matMul(rows, columns), [n, grid * grid, width]);
}

function firstRow(x: Tensor3D): Tensor2D {
  const [n, , width] = x.shape;
  return tf.reshape(tf.slice(x, [0, 0, 0], [n, 1, width]), [n, width]);
}
