import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D, Tensor3D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../engine/step.js';
import type {ResNetConfig} from './clip-config.js';
import {attentionPool} from './layers/attention-pool.js';
import {averagePool2} from './layers/average-pool.js';
import {batchNorm, type BatchNormContext} from './layers/batch-norm.js';
import {convolve1, convolve3, convolve3Stride2} from './layers/convolution.js';
import {lookup} from './layers/lookup.js';
import {residualRelu} from './layers/residual.js';

/** A feature map and the next running statistics of the norms before it; a type, since tidy takes no interface. */
type Mapped = {readonly map: Tensor4D; readonly state: Tensors};

/**
 * CLIP's ResNet (Radford et al. 2021, section 2.4) up to the last stage's map: a stem of three convolutions, and
 * bottlenecks that stride by average pooling.
 * @param images [n, s, s, 3], s a multiple of 32
 * @returns the map [n, s/32, s/32, 32 * width], and the next running statistics (training mode only)
 */
export function resNetMap(images: Tensor4D, config: ResNetConfig, context: BatchNormContext): Mapped {
  let mapped = tf.tidy(() => stem(images, context));
  for (const [stage, blocks] of config.stageBlocks.entries()) {
    for (let i = 0; i < blocks; i++) {
      const place = {name: `visual.layer${stage + 1}.${i}`, opens: i === 0, halves: i === 0 && stage > 0};
      const before = mapped;
      // a scope of its own: what no gradient needs is freed behind each block
      const {map, state} = tf.tidy(() => bottleneck(before.map, place, context));
      mapped = {map, state: {...before.state, ...state}};
    }
  }
  return mapped;
}

/** Where a bottleneck stands. */
interface Place {
  readonly name: string;
  /** The first of its stage: its shortcut is a convolution, since the channels change. */
  readonly opens: boolean;
  /** It halves the height and width. */
  readonly halves: boolean;
}

/** One residual block of {@link resNetMap}: [n, h, w, c] -> [n, h, w, d], or half as high and wide. */
export function bottleneck(x: Tensor4D, {name, opens, halves}: Place, context: BatchNormContext): Mapped {
  const kernel = lookup(context.weights, `${name}.`);
  const pool = (map: Tensor4D) => (halves ? averagePool2(map) : map);
  const first = batchNorm(convolve1(x, kernel('conv1.weight')), `${name}.bn1`, context, {relu: true});
  const second = batchNorm(convolve3(first.value, kernel('conv2.weight')), `${name}.bn2`, context, {
    relu: true,
  });
  const widened = convolve1(pool(second.value), kernel('conv3.weight'));
  const third = batchNorm(widened, `${name}.bn3`, context, {relu: false});
  const state = {...first.state, ...second.state, ...third.state};
  if (!opens) return {map: residualRelu(x, third.value), state};
  const adapted = convolve1(pool(x), kernel('downsample.0.weight'));
  const shortcut = batchNorm(adapted, `${name}.downsample.1`, context, {relu: false});
  return {map: residualRelu(shortcut.value, third.value), state: {...state, ...shortcut.state}};
}

/** The pooled feature of a map of {@link resNetMap}: [n, h, w, c] -> [n, d]. */
export function resNetFeatures(map: Tensor4D, config: ResNetConfig, weights: Tensors): Tensor2D {
  return tf.tidy(() => attentionPool(map, lookup(weights, 'visual.attnpool.'), config.heads));
}

/** The pixels of a map of {@link resNetMap} as tokens: [n, h, w, c] -> [n, h*w, c]. */
export function resNetTokens(map: Tensor4D): Tensor3D {
  const [n, h, w, c] = map.shape;
  return tf.reshape(map, [n, h * w, c]);
}

/** The square map of tokens from {@link resNetTokens}: [n, h*w, c] -> [n, h, w, c]. */
export function resNetMapOf(tokens: Tensor3D): Tensor4D {
  const [n, count, c] = tokens.shape;
  const side = Math.sqrt(count);
  return tf.reshape(tokens, [n, side, side, c]);
}

function stem(images: Tensor4D, context: BatchNormContext): Mapped {
  const kernel = lookup(context.weights, 'visual.');
  const first = batchNorm(convolve3Stride2(images, kernel('conv1.weight')), 'visual.bn1', context, {
    relu: true,
  });
  const second = batchNorm(convolve3(first.value, kernel('conv2.weight')), 'visual.bn2', context, {
    relu: true,
  });
  const third = batchNorm(convolve3(second.value, kernel('conv3.weight')), 'visual.bn3', context, {
    relu: true,
  });
  return {map: averagePool2(third.value), state: {...first.state, ...second.state, ...third.state}};
}
