import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import {toTensor, toTensors} from '../engine/host-array.js';
import type {HostArray} from '../engine/step.js';
import type {ClipModel} from './clip-model.js';
import {createEncoders} from './encoders.js';
import type {TokenArrays} from './tokenizer.js';

/** A CLIP in evaluation mode on the current backend. */
export interface Embedder {
  /** [n, s, s, 3], normalised -> [n * d], rows of unit length. */
  images(pixels: HostArray): Float32Array;
  /** n token rows -> [n * d], rows of unit length. */
  texts(tokens: TokenArrays): Float32Array;
  /** Frees the weights. */
  dispose(): void;
}

/** Puts a model on the current backend; the caller disposes it. Each call embeds its whole argument at once. */
export function createEmbedder(model: ClipModel): Embedder {
  const weights = toTensors(model.weights);
  const state = toTensors(model.state);
  const embed = (run: (encoders: ReturnType<typeof createEncoders>) => Tensor2D): Float32Array => {
    const features = tf.tidy(() => run(createEncoders(model.config, weights, state, {training: false})));
    try {
      return features.dataSync<'float32'>();
    } finally {
      features.dispose();
    }
  };
  return {
    images: (pixels) => embed((encoders) => encoders.images(toTensor(pixels) as Tensor4D)),
    texts: ({ids, end}) =>
      embed((encoders) => encoders.texts({ids: toTensor(ids) as Tensor2D, end: toTensor(end) as Tensor1D})),
    dispose: () => tf.dispose([weights, state]),
  };
}
