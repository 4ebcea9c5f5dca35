import {readFileSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import type {Rank, Scalar, Tensor} from '@tensorflow/tfjs-core';
import type {HostArray} from '../../src/engine/step.js';
import {clipConfigFromOpenClip} from '../../src/model/checkpoint/open-clip-config.js';
import type {ClipConfig} from '../../src/model/clip-config.js';
import type {TokenTensors} from '../../src/model/text-tower.js';
import {formulaSigned, inTorchOrder} from './formula-weights.js';

/** Euclidean norm, and inner product with numbers by formula, of a tensor in PyTorch's layout. */
export type Summary = readonly [norm: number, probe: number];
export type Summaries = Readonly<Record<string, Summary>>;

/** What test/golden/towers.py writes for one model. */
export interface GoldenModel {
  readonly model: unknown;
  /** Features before normalisation in evaluation mode, one row an input. */
  readonly images: readonly (readonly number[])[];
  readonly texts: readonly (readonly number[])[];
  readonly imageTokens?: Summary;
  readonly textTokens?: Summary;
  readonly training: {
    readonly images: readonly (readonly number[])[];
    readonly loss: number;
    readonly gradients: Summaries;
    readonly state: Summaries;
  };
  readonly steps: {
    readonly losses: readonly number[];
    /** How far the weights have moved. */
    readonly moved: Summaries;
    readonly state: Summaries;
  };
}

export interface GoldenTowers {
  readonly ids: readonly (readonly number[])[];
  readonly end: readonly number[];
  readonly optimizer: {
    readonly learningRate: number;
    readonly beta1: number;
    readonly beta2: number;
    readonly epsilon: number;
    readonly weightDecay: number;
  };
  readonly models: Readonly<Record<string, GoldenModel>>;
}

export function readGoldenTowers(): GoldenTowers {
  return JSON.parse(readFileSync(new URL('../golden/towers.json', import.meta.url), 'utf8')) as GoldenTowers;
}

export function goldenConfig({model}: GoldenModel): ClipConfig {
  return clipConfigFromOpenClip({path: 'test/golden/towers.json', value: {model_cfg: model}});
}

export function goldenTokens({ids, end}: Pick<GoldenTowers, 'ids' | 'end'>): TokenTensors {
  return {
    ids: tf.tensor2d(
      ids.map((row) => [...row]),
      undefined,
      'int32',
    ),
    end: tf.tensor1d([...end], 'int32'),
  };
}

export function summarize(name: string, array: HostArray): Summary {
  const {data} = inTorchOrder(array);
  const probe = formulaSigned(`probe:${name}`, data.length);
  let [square, inner] = [0, 0];
  data.forEach((value, i) => {
    square += value * value;
    inner += value * probe[i]!;
  });
  return [Math.sqrt(square), inner];
}

/** CLIP's loss over rows of unit length, written out here so that the towers are tested without src/losses. */
export function contrastive(images: Tensor<Rank.R2>, texts: Tensor<Rank.R2>, scale: Scalar): Scalar {
  const logits = tf.mul<Tensor<Rank.R2>>(tf.matMul(images, texts, false, true), scale);
  const diagonal = tf.eye(logits.shape[0]);
  const crossEntropy = (rows: Tensor<Rank.R2>): Scalar =>
    tf.neg(tf.sum<Scalar>(tf.mul(tf.logSoftmax(rows), diagonal)));
  const sum = tf.add<Scalar>(crossEntropy(logits), crossEntropy(tf.transpose(logits)));
  return tf.div<Scalar>(sum, 2 * logits.shape[0]);
}
