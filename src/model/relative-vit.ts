import * as tf from '@tensorflow/tfjs-core';
import type {Rank, Tensor, Tensor1D, Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import {reducedPrecision} from '../engine/reduced-precision.js';
import type {Tensors} from '../engine/step.js';
import type {ClipConfig, VitConfig} from './clip-config.js';
import type {ImageNoise} from './image-noise.js';
import type {Initialisation} from './initialisation.js';
import {embed} from './layers/embedding.js';
import {layerNorm} from './layers/layer-norm.js';
import {lookup, type Lookup} from './layers/lookup.js';
import {transformerTokens} from './layers/transformer.js';
import {relativePositionIndex, relativePositionRows} from './relative-position.js';
import {hidePatches, projectPatches} from './vit.js';

/** A vision transformer that knows where patches are from one table of offsets that all blocks share. */
export type RelativeVitConfig = VitConfig;

/** Deviation of fresh weights, and the first value of LayerScale, as in feature distillation's code. */
const [deviation, firstScale] = [0.02, 0.1];

/**
 * The transformer that learns by feature distillation from a CLIP (arXiv:2205.14141): the shape of the CLIP's own vision
 * tower. A ResNet's becomes a transformer with a token for each pixel of its last map, eight times as wide as its stem.
 */
export function relativeVitConfig({vision}: Pick<ClipConfig, 'vision'>): RelativeVitConfig {
  const layerNormEpsilon = 1e-6;
  if (vision.kind === 'vit') return {...vision, layerNormEpsilon};
  const width = 8 * vision.width;
  const heads = Math.max(1, width / 64);
  const {imageSize} = vision;
  const shape = {width, heads, mlpWidth: 4 * width, layers: 12, patchSize: 32};
  return {kind: 'vit', imageSize, ...shape, layerNormEpsilon};
}

/** Names, shapes and first values of all its weights. The table of offsets starts at zero. */
export function relativeVitWeights(
  config: RelativeVitConfig,
): Record<string, {readonly shape: readonly number[]; readonly initial: Initialisation}> {
  const {width, layers, heads, mlpWidth, patchSize} = config;
  const normal = (...shape: number[]) => ({shape, initial: {kind: 'normal', deviation} as const});
  const constant = (value: number, ...shape: number[]) => ({
    shape,
    initial: {kind: 'constant', value} as const,
  });
  const norm = (name: string) => ({
    [`${name}.weight`]: constant(1, width),
    [`${name}.bias`]: constant(0, width),
  });
  const linear = (name: string, to: number, from: number) => ({
    [`${name}.weight`]: normal(to, from),
    [`${name}.bias`]: constant(0, to),
  });
  const block = (name: string) => ({
    ...norm(`${name}.ln_1`),
    [`${name}.attn.in_proj_weight`]: normal(3 * width, width),
    [`${name}.attn.query_bias`]: constant(0, width),
    [`${name}.attn.value_bias`]: constant(0, width),
    ...linear(`${name}.attn.out_proj`, width, width),
    [`${name}.ls_1.gamma`]: constant(firstScale, width),
    ...norm(`${name}.ln_2`),
    ...linear(`${name}.mlp.c_fc`, mlpWidth, width),
    ...linear(`${name}.mlp.c_proj`, width, mlpWidth),
    [`${name}.ls_2.gamma`]: constant(firstScale, width),
  });
  return {
    class_embedding: normal(width),
    'conv1.weight': normal(patchSize, patchSize, 3, width),
    'conv1.bias': constant(0, width),
    relative_position_bias: constant(0, relativePositionRows(gridOf(config)), heads),
    ...(Object.assign({}, ...Array.from({length: layers}, (_, i) => block(`resblocks.${i}`))) as ReturnType<
      typeof block
    >),
    ...norm('ln_post'),
  };
}

/** All tokens behind the last norm, the class token first: [n, s, s, 3] -> [n, 1 + p, w]. */
export function relativeVitTokens(
  images: Tensor4D,
  config: RelativeVitConfig,
  weights: Tensors,
  {paths, masked}: ImageNoise = {},
): Tensor3D {
  const own = lookup(weights);
  const {width, layerNormEpsilon} = config;
  const tokens = reducedPrecision(() => {
    const projected = tf.add<Tensor3D>(projectPatches(images, own('conv1.weight')), own('conv1.bias'));
    const patches = masked ? hidePatches(projected, masked) : projected;
    const n = images.shape[0];
    const token = tf.tile(tf.reshape<Rank.R3>(own('class_embedding'), [1, 1, width]), [n, 1, 1]);
    const stack = {...config, activation: 'gelu', layerScale: true, weights: withoutKeyBias(own)} as const;
    const all = tf.concat([token, patches], 1);
    return transformerTokens(all, {...stack, attentionBias: offsetBias(config, own)}, null, paths);
  });
  const rows = tf.reshape<Rank.R2>(tokens, [-1, width]);
  return tf.reshape(layerNorm(rows, own, 'ln_post', layerNormEpsilon), tokens.shape);
}

/** What the table adds to the attention logits of every block: [h, t, t]. */
function offsetBias(config: RelativeVitConfig, own: Lookup): Tensor3D {
  const index = relativePositionIndex(gridOf(config));
  const t = Math.sqrt(index.length);
  const entries = embed(own<Tensor2D>('relative_position_bias'), tf.tensor1d(index, 'int32')); // [t * t, h]
  return tf.reshape(tf.transpose(entries), [config.heads, t, t]);
}

/** Keys have no bias: it would add the same to all logits of a row. */
function withoutKeyBias(own: Lookup): Lookup {
  return <T extends Tensor>(name: string): T => {
    if (!name.endsWith('.attn.in_proj_bias')) return own<T>(name);
    const prefix = name.slice(0, -'in_proj_bias'.length);
    const [query, value] = [own<Tensor1D>(`${prefix}query_bias`), own<Tensor1D>(`${prefix}value_bias`)];
    return tf.concat1d([query, tf.zerosLike(query), value]) as Tensor as T;
  };
}

function gridOf({imageSize, patchSize}: RelativeVitConfig) {
  const side = Math.floor(imageSize / patchSize);
  return {rows: side, columns: side};
}
