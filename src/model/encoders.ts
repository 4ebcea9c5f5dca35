import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import {inChunks, type ChunkedRows} from '../engine/in-chunks.js';
import type {Tensors} from '../engine/step.js';
import type {ClipConfig} from './clip-config.js';
import type {ImageNoise} from './image-noise.js';
import {imageTower, pooledImages, imageTokens} from './image-tower.js';
import {lookup} from './layers/lookup.js';
import {
  embedWords,
  pooledTexts,
  textTokens,
  textTokensOfWords,
  textTower,
  textTowerOfWords,
  type TokenTensors,
  type WordRows,
} from './text-tower.js';
import {imageWeights, textWeights} from './tower-weights.js';
import {unitRows} from './unit-rows.js';

/** The two towers over one set of weights. What is asked for twice of the same tensor is computed once. */
export interface StatefulEncoders {
  /**
   * [n, s, s, 3] -> [n, d], rows of unit length. In training mode every batch of images has batch-norm statistics of its
   * own, and the running ones move on from batch to batch.
   */
  images(images: Tensor4D): Tensor2D;
  /** n token rows -> [n, d], rows of unit length. */
  texts(tokens: TokenTensors): Tensor2D;
  /**
   * [n, s, s, 3] -> [n, p, w], all tokens behind the last norm, or the pixels of a ResNet's last map. With noise, which
   * only transformers take, it is a pass of its own.
   */
  imageTokens(images: Tensor4D, noise?: ImageNoise): Tensor3D;
  /** n rows of t tokens -> [n, t, w], behind the last norm. */
  textTokens(tokens: TokenTensors): Tensor3D;
  /** Embeddings of words, without positions: [n, t] -> [n, t, w]. */
  words(ids: Tensor2D): Tensor3D;
  /** n rows of words as embeddings, all rows at once whatever the micro-batch -> [n, d], rows of unit length. */
  wordRows(rows: WordRows): Tensor2D;
  /** n rows of words as embeddings -> [n, t, w], behind the last norm. */
  wordRowTokens(rows: WordRows): Tensor3D;
  /** s = exp(logit_scale). */
  readonly scale: Scalar;
  /** The running statistics behind all batches so far; {} where nothing changed. */
  nextState(): Tensors;
}

export interface EncoderOptions {
  readonly training: boolean;
  /**
   * Rows of a transformer at a time; what their gradients need is computed again. Undefined: all rows at once. A
   * ResNet's images are always taken whole, since its batch norm is over all of them.
   */
  readonly microBatch?: number | undefined;
  /** Towers whose tokens will be asked for: their pooled features are then made from the tokens. */
  readonly tokens?: readonly ('image' | 'text')[] | undefined;
  /** Names of weights that were computed from trained ones, so that gradients must reach them too. */
  readonly derived?: ReadonlySet<string>;
}

/** What the embedding of hidden patches is called among the weights of a pass. */
const maskName = 'visual.mask_embedding';

type Compute<T extends Tensor> = ChunkedRows<T>['compute'];

/** Joins weights and running statistics to the two towers of a configuration. */
export function createEncoders(
  config: ClipConfig,
  weights: Tensors,
  state: Tensors,
  {training, microBatch = Infinity, tokens = [], derived}: EncoderOptions,
): StatefulEncoders {
  let changed: Tensors = {};
  const context = (own: Tensors) => ({weights: own, state: {...state, ...changed}, training});
  /** Rows by themselves, a micro-batch at a time. */
  const chunked = <T extends Tensor>(rows: ChunkedRows<T>['rows'], own: Tensors, compute: Compute<T>): T =>
    rows[0]!.shape[0] <= microBatch
      ? compute(rows, own)
      : inChunks({rows, size: microBatch, weights: own, derived, compute});
  const imageRows = <T extends Tensor>(
    images: Tensor4D,
    compute: (images: Tensor4D, own: Tensors) => T,
  ): T =>
    config.vision.kind === 'resnet'
      ? compute(images, weights)
      : chunked([images], imageWeights(weights), ([chunk], own) => compute(chunk as Tensor4D, own));
  const textRows = <T extends Tensor>(
    {ids, end}: TokenTensors,
    compute: (tokens: TokenTensors, own: Tensors) => T,
  ): T =>
    chunked([ids, end], textWeights(weights), ([chunk, ends], own) =>
      compute({ids: chunk as Tensor2D, end: ends as Tensor1D}, own),
    );
  const tracked = <T extends {readonly state: Tensors}>(result: T): T => {
    changed = {...changed, ...result.state};
    return result;
  };
  const tokensOfImages = oncePerTensor((images: Tensor4D) =>
    imageRows(images, (chunk, own) => tracked(imageTokens(config, context(own), chunk)).tokens),
  );
  const noisyTokens = (images: Tensor4D, {paths, masked}: ImageNoise) => {
    const rows = [images, ...(paths ? [paths] : []), ...(masked ? [masked.places] : [])];
    // beside the weights, so that gradients of chunks reach it too
    const given = {...imageWeights(weights), ...(masked && {[maskName]: masked.embedding})};
    return chunked(rows, given, (chunk, own) => {
      const places = chunk.at(-1) as Tensor2D;
      const noise = {
        paths: paths && (chunk[1] as Tensor2D),
        masked: masked && {places, embedding: own[maskName] as Tensor1D},
      };
      return imageTokens(config, context(own), chunk[0] as Tensor4D, noise).tokens;
    });
  };
  const tokensOfTexts = oncePerTensor((ids: Tensor2D, end: Tensor1D) =>
    textRows({ids, end}, (chunk, own) => textTokens(config, own, chunk.ids)),
  );
  const featuresOfImages = oncePerTensor((images: Tensor4D) =>
    unitRows(
      tokens.includes('image')
        ? pooledImages(config, weights, tokensOfImages(images))
        : imageRows(images, (chunk, own) => tracked(imageTower(config, context(own), chunk)).features),
    ),
  );
  const featuresOfTexts = oncePerTensor((ids: Tensor2D, end: Tensor1D) =>
    unitRows(
      tokens.includes('text')
        ? pooledTexts(weights, tokensOfTexts(ids, end), end)
        : textRows({ids, end}, (chunk, own) => textTower(config, own, chunk)),
    ),
  );
  return {
    images: featuresOfImages,
    texts: ({ids, end}) => featuresOfTexts(ids, end),
    imageTokens: (images, noise) => (noise ? noisyTokens(images, noise) : tokensOfImages(images)),
    textTokens: ({ids, end}) => tokensOfTexts(ids, end),
    words: (ids) => embedWords(weights, ids),
    // gradients reach the words, which chunks do not let through
    wordRows: (rows) => unitRows(textTowerOfWords(config, weights, rows)),
    wordRowTokens: ({words}) => textTokensOfWords(config, weights, words),
    scale: tf.exp(lookup(weights)<Scalar>('logit_scale')),
    nextState: () => changed,
  };
}

/** Computes once for each first argument. */
function oncePerTensor<K extends Tensor, A extends readonly unknown[], T>(
  compute: (key: K, ...rest: A) => T,
): (key: K, ...rest: A) => T {
  const made = new Map<K, T>();
  return (key, ...rest) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = compute(key, ...rest);
    made.set(key, value);
    return value;
  };
}
