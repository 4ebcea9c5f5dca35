import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor1D, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import {inChunks, type ChunkedRows} from '../engine/in-chunks.js';
import type {Tensors} from '../engine/step.js';
import type {ClipConfig} from './clip-config.js';
import {imageTower} from './image-tower.js';
import {lookup} from './layers/lookup.js';
import {textTower, type TokenTensors} from './text-tower.js';
import {imageWeights, textWeights} from './tower-weights.js';
import {unitRows} from './unit-rows.js';

/** The two towers over one set of weights. */
export interface StatefulEncoders {
  /**
   * [n, s, s, 3] -> [n, d], rows of unit length. In training mode every call has batch-norm statistics of its own,
   * and the running ones move on from call to call.
   */
  images(images: Tensor4D): Tensor2D;
  /** n token rows -> [n, d], rows of unit length. */
  texts(tokens: TokenTensors): Tensor2D;
  /** s = exp(logit_scale). */
  readonly scale: Scalar;
  /** The running statistics behind all calls so far; {} where nothing changed. */
  nextState(): Tensors;
}

export interface EncoderOptions {
  readonly training: boolean;
  /**
   * Rows of a transformer at a time; what their gradients need is computed again. Undefined: all rows at once. A
   * ResNet's images are always taken whole, since its batch norm is over all of them.
   */
  readonly microBatch?: number | undefined;
}

/** Joins weights and running statistics to the two towers of a configuration. */
export function createEncoders(
  config: ClipConfig,
  weights: Tensors,
  state: Tensors,
  {training, microBatch = Infinity}: EncoderOptions,
): StatefulEncoders {
  let changed: Tensors = {};
  const imageFeatures = (images: Tensor4D): Tensor2D => {
    const tower = imageTower(config, {weights, state: {...state, ...changed}, training}, images);
    changed = {...changed, ...tower.state};
    return tower.features;
  };
  return {
    images(images) {
      const isWhole = config.vision.kind === 'resnet' || images.shape[0] <= microBatch;
      if (isWhole) return unitRows(imageFeatures(images));
      const compute: ChunkedRows['compute'] = ([chunk]) => imageFeatures(chunk as Tensor4D);
      return unitRows(inChunks({rows: [images], size: microBatch, weights: imageWeights(weights), compute}));
    },
    texts(tokens) {
      const {ids, end} = tokens;
      if (ids.shape[0] <= microBatch) return unitRows(textTower(config, weights, tokens));
      const compute: ChunkedRows['compute'] = ([chunk, ends]) =>
        textTower(config, weights, {ids: chunk as Tensor2D, end: ends as Tensor1D});
      return unitRows(inChunks({rows: [ids, end], size: microBatch, weights: textWeights(weights), compute}));
    },
    scale: tf.exp(lookup(weights)<Scalar>('logit_scale')),
    nextState: () => changed,
  };
}
