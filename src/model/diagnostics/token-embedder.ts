import type {Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import {compileForward} from '../../engine/compile-forward.js';
import type {HostArray, HostArrays, Tensors} from '../../engine/step.js';
import type {ClipConfig} from '../clip-config.js';
import type {ClipModel} from '../clip-model.js';
import type {PatchGrid} from '../patch-grid.js';
import {imageWeights, textWeights} from '../tower-weights.js';
import {lookup} from '../layers/lookup.js';
import type {TokenHead} from '../compared-tokens.js';
import type {TokenHeadArrays} from '../token-heads.js';
import {jointPatches, jointWords} from './joint-tokens.js';

/** A CLIP in evaluation mode that gives the tokens of both towers in one space. */
export interface TokenEmbedder {
  /** [n, s, s, 3], normalised -> [n, p, d], rows of unit length. */
  patches(pixels: HostArray): HostArray;
  /** ids [n, t] -> [n, t, d], rows of unit length. */
  words(ids: HostArray): HostArray;
  /** Frees the weights. */
  dispose(): void;
}

/**
 * Puts a model on the current backend; the caller disposes it.
 * @param heads undefined: the projections that the model has for whole images and texts
 */
export function createTokenEmbedder(
  {config, weights, state}: ClipModel,
  heads?: TokenHeadArrays,
): TokenEmbedder {
  const patches = compileForward(
    (own, running, {pixels}) => {
      const context = {weights: own, state: running, training: false};
      return jointPatches(config, context, pixels as Tensor4D, heads && headAmong(own));
    },
    {weights: {...imageWeights(weights), ...heldHead(heads?.image)}, state},
  );
  const words = compileForward(
    (own, _state, {ids}) => jointWords(config, own, ids as Tensor2D, heads && headAmong(own)),
    {weights: {...textWeights(weights), ...heldHead(heads?.text)}, state: {}},
  );
  return {
    patches: (pixels) => patches.run({pixels}),
    words: (ids) => words.run({ids}),
    dispose() {
      patches.dispose();
      words.dispose();
    },
  };
}

/** Names of a head among the weights of a tower. */
const headNames = {weight: 'head/weight', bias: 'head/bias'} as const;

function heldHead(head: TokenHeadArrays['image'] | undefined): HostArrays {
  return head === undefined ? {} : {[headNames.weight]: head.weight, [headNames.bias]: head.bias};
}

function headAmong(weights: Tensors): TokenHead {
  const own = lookup(weights);
  return {weight: own(headNames.weight), bias: own(headNames.bias)};
}

/** The places of an image that {@link TokenEmbedder.patches} gives: patches, or the pixels of a ResNet's last map. */
export function placesOf({vision}: ClipConfig): PatchGrid {
  const side =
    vision.kind === 'vit' ? Math.floor(vision.imageSize / vision.patchSize) : vision.imageSize / 32;
  return {rows: side, columns: side};
}
