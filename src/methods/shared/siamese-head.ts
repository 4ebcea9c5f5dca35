import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../engine/step.js';
import type {SiameseViews} from '../../losses/simsiam.js';
import {affine} from '../../model/layers/linear.js';
import {unitRows} from '../../model/unit-rows.js';
import type {ExtraWeight} from '../contract/method.js';

/** Layers of SimSiam's projector and predictor as DeCLIP has them (arXiv:2110.05208), by their widths. */
function layersOf(features: number, width: number): readonly Layer[] {
  return [
    {name: 'projector.0', from: features, to: width, norm: true},
    {name: 'projector.1', from: width, to: width, norm: true},
    {name: 'projector.2', from: width, to: width, norm: true},
    {name: 'predictor.0', from: width, to: Math.ceil(width / 2), norm: true},
    {name: 'predictor.1', from: Math.ceil(width / 2), to: width, norm: false},
  ];
}

interface Layer {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly norm: boolean;
}

/** The weights of both: 2,630,656 and 1,051,136 for features of 512 and a width of 1,024. */
export function siameseWeights(features: number, width: number): Record<string, ExtraWeight> {
  return Object.assign({}, ...layersOf(features, width).map(layerWeights)) as Record<string, ExtraWeight>;
}

function layerWeights({name, from, to, norm}: Layer): Record<string, ExtraWeight> {
  const initial = {kind: 'uniform', bound: from ** -0.5} as const;
  return {
    [`${name}.weight`]: {shape: [to, from], initial},
    [`${name}.bias`]: {shape: [to], initial},
    ...(norm && {
      [`${name}.bn.weight`]: {shape: [to], initial: {kind: 'constant', value: 1}},
      [`${name}.bn.bias`]: {shape: [to], initial: {kind: 'constant', value: 0}},
    }),
  };
}

/**
 * What SimSiam's loss compares of two views of n images: each is projected, and predicted from the other. Batch norm goes by
 * the statistics of the view, and there are no others: the head serves in training alone.
 * @param views [n, d] each
 */
export function siameseViews(views: readonly [Tensor2D, Tensor2D], weights: Tensors): SiameseViews {
  const projected = views.map((view) => {
    const first = tf.relu(normedLayer(view, weights, 'projector.0'));
    const second = tf.relu(normedLayer(first, weights, 'projector.1'));
    return normedLayer(second, weights, 'projector.2');
  });
  const predictions = projected.map((rows) =>
    unitRows(layer(tf.relu(normedLayer(rows, weights, 'predictor.0')), weights, 'predictor.1')),
  ) as [Tensor2D, Tensor2D];
  return {predictions, projections: projected.map(unitRows) as [Tensor2D, Tensor2D]};
}

function layer(rows: Tensor2D, weights: Tensors, name: string): Tensor2D {
  return affine(rows, weights[`${name}.weight`] as Tensor2D, weights[`${name}.bias`] as Tensor1D);
}

/** A linear layer and batch norm over its rows, by the biased variance: [n, from] -> [n, to]. */
function normedLayer(rows: Tensor2D, weights: Tensors, name: string): Tensor2D {
  const out = layer(rows, weights, name);
  const centred = tf.sub<Tensor2D>(out, tf.mean(out, 0));
  const deviation = tf.sqrt(tf.add(tf.mean(tf.square(centred), 0), 1e-5));
  return tf.add(
    tf.mul(tf.div(centred, deviation), weights[`${name}.bn.weight`]!),
    weights[`${name}.bn.bias`]!,
  );
}
