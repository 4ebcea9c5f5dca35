import type {Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import {compileForward} from '../../engine/compile-forward.js';
import type {HostArray} from '../../engine/step.js';
import type {ClipConfig} from '../clip-config.js';
import type {ClipModel} from '../clip-model.js';
import type {PatchGrid} from '../patch-grid.js';
import {imageWeights, textWeights} from '../tower-weights.js';
import {jointImageTokens, jointTextTokens} from './joint-tokens.js';

/** A CLIP in evaluation mode that gives the tokens of both towers in its common space. */
export interface TokenEmbedder {
  /** [n, s, s, 3], normalised -> [n, 1 + p, d], rows of unit length, the image's own feature first. */
  images(pixels: HostArray): HostArray;
  /** ids [n, t] -> [n, t, d], rows of unit length. */
  texts(ids: HostArray): HostArray;
  /** Frees the weights. */
  dispose(): void;
}

/** Puts a model on the current backend; the caller disposes it. */
export function createTokenEmbedder({config, weights, state}: ClipModel): TokenEmbedder {
  const images = compileForward(
    (own, running, {pixels}) =>
      jointImageTokens(config, {weights: own, state: running, training: false}, pixels as Tensor4D),
    {weights: imageWeights(weights), state},
  );
  const texts = compileForward((own, _state, {ids}) => jointTextTokens(config, own, ids as Tensor2D), {
    weights: textWeights(weights),
    state: {},
  });
  return {
    images: (pixels) => images.run({pixels}),
    texts: (ids) => texts.run({ids}),
    dispose() {
      images.dispose();
      texts.dispose();
    },
  };
}

/** The places of an image that {@link TokenEmbedder.images} gives: patches, or the pixels of a ResNet's last map. */
export function placesOf({vision}: ClipConfig): PatchGrid {
  const side =
    vision.kind === 'vit' ? Math.floor(vision.imageSize / vision.patchSize) : vision.imageSize / 32;
  return {rows: side, columns: side};
}
