import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {
  at,
  broadcast,
  elementwise,
  logSoftmax,
  logSumExpOf,
  meanOf,
  nd,
  reduce,
  softmax,
  sumOf,
  type NdArray,
} from '../reference/nd-ops.js';
import {given, values, type EngineCase} from './engine-case.js';

type Reducer = (x: Tensor, axes: number[] | undefined, keepDims: boolean) => Tensor;

const reducers: readonly (readonly [string, Reducer, (values: readonly number[]) => number])[] = [
  ['sum', (x, axes, keep) => tf.sum(x, axes, keep), sumOf],
  ['mean', (x, axes, keep) => tf.mean(x, axes, keep), meanOf],
  ['max', (x, axes, keep) => tf.max(x, axes, keep), (all) => Math.max(...all)],
  ['min', (x, axes, keep) => tf.min(x, axes, keep), (all) => Math.min(...all)],
  ['logSumExp', (x, axes, keep) => tf.logSumExp(x, axes, keep), logSumExpOf],
];

const reductions = reducers.flatMap(([name, apply, fold], i) =>
  ([[0], [1], [2], [0, 1], [0, 2], [0, 1, 2]] as const).flatMap((axes) =>
    [false, true].map((keepDims): EngineCase => ({
      name: `${name} over axes ${axes.join(', ')}${keepDims ? ', axes kept' : ''}`,
      inputs: [values([3, 2, 4], 400 + i)],
      apply: (x) => apply(x, [...axes], keepDims),
      reference: (x) => reduce(x, axes, fold, keepDims),
    })),
  ),
);

const overall: readonly EngineCase[] = reducers.map(([name, apply, fold], i) => ({
  name: `${name} of everything, rank 4`,
  inputs: [values([2, 2, 3, 2], 420 + i)],
  apply: (x) => apply(x, undefined, false),
  reference: (x) => reduce(x, [0, 1, 2, 3], fold),
}));

const causal = [0, -1e9, -1e9, 0, 0, -1e9, 0, 0, 0];

function layerNorm(x: NdArray, gain: NdArray, bias: NdArray): NdArray {
  const last = [x.shape.length - 1];
  const centred = broadcast(x, reduce(x, last, meanOf, true), (value, mean) => value - mean);
  const variance = reduce(
    elementwise(centred, (value) => value * value),
    last,
    meanOf,
    true,
  );
  const normal = broadcast(centred, variance, (value, v) => value / Math.sqrt(v + 1e-5));
  return broadcast(
    broadcast(normal, gain, (a, b) => a * b),
    bias,
    (a, b) => a + b,
  );
}

const normalisations: readonly EngineCase[] = [
  {
    name: 'softmax',
    inputs: [values([2, 3, 4], 430)],
    apply: (x) => tf.softmax(x),
    reference: (x) => softmax(x),
  },
  {
    name: 'softmax under a causal mask',
    inputs: [values([2, 3, 3], 431)],
    apply: (x) => tf.softmax(tf.add(x, tf.tensor2d(causal, [3, 3]))),
    reference: (x) => softmax(nd([2, 3, 3], ([b, i, j]) => at(x, [b!, i!, j!]) + causal[i! * 3 + j!]!)),
  },
  {
    name: 'logSoftmax, large logits',
    inputs: [values([3, 4], 432, [-90, 90])],
    apply: (x) => tf.logSoftmax(x),
    reference: (x) => logSoftmax(x),
  },
  {
    name: 'argMax along the last axis, ties to the first',
    inputs: [given([3, 3], [1, 5, 2, 7, 0, 7, -3, -2, -1])],
    apply: (x) => tf.cast(tf.argMax(x, 1), 'float32'),
    reference: () => ({shape: [3], data: Float64Array.of(1, 0, 2)}),
    forwardOnly: true,
  },
  {
    name: 'layer norm',
    inputs: [values([2, 3, 4], 433), values([4], 434), values([4], 435)],
    apply: (x, gain, bias) => {
      const centred = tf.sub(x, tf.mean(x, -1, true));
      const inverse = tf.rsqrt(tf.add(tf.mean(tf.square(centred), -1, true), 1e-5));
      return tf.add(tf.mul(tf.mul(centred, inverse), gain), bias);
    },
    reference: (x, gain, bias) => layerNorm(x, gain, bias),
  },
  {
    name: 'rows of unit length',
    inputs: [values([3, 4], 436)],
    apply: (x) => tf.div(x, tf.sqrt(tf.sum(tf.square(x), 1, true))),
    reference: (x) =>
      broadcast(
        x,
        reduce(x, [1], (row) => Math.hypot(...row), true),
        (value, norm) => value / norm,
      ),
  },
  {
    name: 'two rounds of log-domain Sinkhorn',
    inputs: [values([3, 4], 437)],
    apply: (cost) => {
      let plan = cost;
      for (let round = 0; round < 2; round++) {
        plan = tf.sub(plan, tf.logSumExp(plan, 0, true));
        plan = tf.sub(plan, tf.logSumExp(plan, 1, true));
      }
      return tf.exp(plan);
    },
    reference: (cost) => {
      let plan = cost;
      for (const axis of [0, 1, 0, 1]) {
        plan = broadcast(plan, reduce(plan, [axis], logSumExpOf, true), (value, total) => value - total);
      }
      return elementwise(plan, Math.exp);
    },
  },
];

export const reductionCases: readonly EngineCase[] = [...reductions, ...overall, ...normalisations];
