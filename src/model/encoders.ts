import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../engine/step.js';
import type {ClipConfig} from './clip-config.js';
import {imageTower} from './image-tower.js';
import {lookup} from './layers/lookup.js';
import {textTower, type TokenTensors} from './text-tower.js';
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

/** Joins weights and running statistics to the two towers of a configuration. */
export function createEncoders(
  config: ClipConfig,
  weights: Tensors,
  state: Tensors,
  {training}: {readonly training: boolean},
): StatefulEncoders {
  let changed: Tensors = {};
  return {
    images(images) {
      const tower = imageTower(config, {weights, state: {...state, ...changed}, training}, images);
      changed = {...changed, ...tower.state};
      return unitRows(tower.features);
    },
    texts: (tokens) => unitRows(textTower(config, weights, tokens)),
    scale: tf.exp(lookup(weights)<Scalar>('logit_scale')),
    nextState: () => changed,
  };
}
