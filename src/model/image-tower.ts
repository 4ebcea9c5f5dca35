import type {Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../engine/step.js';
import {BugError} from '../support/errors.js';
import type {ClipConfig} from './clip-config.js';
import type {BatchNormContext} from './layers/batch-norm.js';
import type {ImageNoise} from './image-noise.js';
import {resNetFeatures, resNetMap, resNetMapOf, resNetTokens} from './modified-resnet.js';
import {vitFeatures, vitPooled, vitTokens} from './vit.js';

/**
 * Image features before normalisation: [n, s, s, 3] -> [n, d].
 * @param context weights and running statistics by name, and whether batch norm trains
 * @param images normalised, of the configuration's size
 */
export function imageTower(
  config: ClipConfig,
  context: BatchNormContext,
  images: Tensor4D,
): {readonly features: Tensor2D; readonly state: Tensors} {
  checkImages(config, images);
  const {vision, activation} = config;
  if (vision.kind === 'vit')
    return {features: vitFeatures(images, {...vision, activation}, context.weights), state: {}};
  const {map, state} = resNetMap(images, vision, context);
  return {features: resNetFeatures(map, vision, context.weights), state};
}

/**
 * All token outputs below the pooling: [n, s, s, 3] -> [n, t, w]. A transformer gives its class token and patches
 * behind the last norm, a ResNet the pixels of its last map.
 * @param noise what a transformer leaves out
 */
export function imageTokens(
  config: ClipConfig,
  context: BatchNormContext,
  images: Tensor4D,
  noise?: ImageNoise,
): {readonly tokens: Tensor3D; readonly state: Tensors} {
  checkImages(config, images);
  const {vision, activation} = config;
  if (vision.kind === 'vit')
    return {tokens: vitTokens(images, {...vision, activation}, context.weights, noise), state: {}};
  if (noise) throw new BugError('imageTokens: expected a vision transformer for noise, got a ResNet');
  const {map, state} = resNetMap(images, vision, context);
  return {tokens: resNetTokens(map), state};
}

/** The width w of the tokens of {@link imageTokens}. */
export function imageTokenWidth({vision}: ClipConfig): number {
  return vision.kind === 'vit' ? vision.width : 32 * vision.width;
}

/** How many tokens of {@link imageTokens} stand for a place in the image: patches, or the pixels of a ResNet's last map. */
export function placeCount({vision}: ClipConfig): number {
  const {imageSize} = vision;
  return (vision.kind === 'vit' ? Math.floor(imageSize / vision.patchSize) : imageSize / 32) ** 2;
}

/** Features before normalisation from the tokens of {@link imageTokens}: [n, t, w] -> [n, d]. */
export function pooledImages(config: ClipConfig, weights: Tensors, tokens: Tensor3D): Tensor2D {
  const {vision} = config;
  if (vision.kind === 'vit') return vitPooled(tokens, weights);
  return resNetFeatures(resNetMapOf(tokens), vision, weights);
}

function checkImages({vision}: ClipConfig, images: Tensor4D): void {
  const size = vision.imageSize;
  const [, height, width, channels] = images.shape;
  if (height === size && width === size && channels === 3) return;
  throw new BugError(
    `imageTower: expected images [n, ${size}, ${size}, 3], got [${images.shape.join(', ')}]`,
  );
}
