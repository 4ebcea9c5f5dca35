import type {Tensor1D, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import {compileForward} from '../engine/compile-forward.js';
import type {HostArray} from '../engine/step.js';
import type {ClipModel} from './clip-model.js';
import {withoutProjection} from './image-projection.js';
import {imageTower} from './image-tower.js';
import {textTower} from './text-tower.js';
import type {TokenArrays} from './tokenizer.js';
import {imageWeights, textWeights} from './tower-weights.js';
import {unitRows} from './unit-rows.js';

/** A CLIP in evaluation mode on the current backend. */
export interface Embedder {
  /** [n, s, s, 3], normalised -> [n * d], rows of unit length. */
  images(pixels: HostArray): Float32Array;
  /** n token rows -> [n * d], rows of unit length. */
  texts(tokens: TokenArrays): Float32Array;
  /** Frees the weights. */
  dispose(): void;
}

/**
 * What the last linear layer of the image tower reads, as the images of an embedder: [n, s, s, 3] -> [n * w], rows of any
 * length. The caller disposes it.
 */
export function createProjectionReader({
  config,
  weights,
  state,
}: ClipModel): Pick<Embedder, 'images' | 'dispose'> {
  const reader = compileForward(
    (own, running, {pixels}) =>
      imageTower(config, {weights: own, state: running, training: false}, pixels as Tensor4D).features,
    {weights: imageWeights(withoutProjection(config, weights)), state},
  );
  return {
    images: (pixels) => reader.run({pixels}).data as Float32Array,
    dispose: () => reader.dispose(),
  };
}

/**
 * Puts a model on the current backend; the caller disposes it. Each call embeds its whole argument at once. On
 * TensorFlow each tower is a graph for batches of the size that came first: keep to it.
 */
export function createEmbedder({config, weights, state}: ClipModel): Embedder {
  const images = compileForward(
    (own, running, {pixels}) => {
      const context = {weights: own, state: running, training: false};
      return unitRows(imageTower(config, context, pixels as Tensor4D).features);
    },
    {weights: imageWeights(weights), state},
  );
  const texts = compileForward(
    (own, _state, {ids, end}) =>
      unitRows(textTower(config, own, {ids: ids as Tensor2D, end: end as Tensor1D})),
    {weights: textWeights(weights), state: {}},
  );
  return {
    images: (pixels) => images.run({pixels}).data as Float32Array,
    texts: ({ids, end}) => texts.run({ids, end}).data as Float32Array,
    dispose() {
      images.dispose();
      texts.dispose();
    },
  };
}
