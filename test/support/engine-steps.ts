import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import {uniform} from '../../src/engine/random.js';
import type {CompileOptions, HostArray, HostArrays, Step} from '../../src/engine/step.js';

/** Rows of inputs and the number that each should give. */
export interface RegressionBatch {
  /** [rows, features] */
  readonly inputs: readonly (readonly number[])[];
  /** [rows] */
  readonly targets: readonly number[];
}

export const features = 3;

/**
 * A least-squares fit small enough for an oracle, with one of everything a step can have: a frozen weight, a
 * clamped one, one that the loss does not reach, one whose gradient is zero, two terms and a running mean.
 */
export const regressionStep: Step = (weights, state, batch, scalars) => {
  const {slope, offset, logit_scale: scale, frozen, idle} = weights;
  const inputs = batch['inputs'] as Tensor2D;
  const product = tf.sum(tf.mul(inputs, slope!), 1); // [rows]
  const given = tf.add(tf.mul(tf.add(product, offset!), tf.exp(scale!)), frozen!);
  const fit = tf.mean<tf.Scalar>(tf.square(tf.sub(given, batch['targets'] as Tensor1D)));
  const ridge = tf.add<tf.Scalar>(tf.sum(tf.square(slope!)), tf.mul(tf.sum(idle!), 0));
  return {
    loss: tf.add<tf.Scalar>(fit, tf.mul(ridge, scalars['ridge']!)),
    terms: {fit, ridge},
    state: {mean: tf.add(tf.mul(state['mean']!, 0.9), tf.mul(tf.mean(inputs, 0), 0.1))},
  };
};

export function floats(shape: readonly number[], data: readonly number[]): HostArray {
  return {shape, data: Float32Array.from(data)};
}

export const regressionWeights: HostArrays = {
  slope: floats([features], [0.5, -0.25, 0.75]),
  offset: floats([1], [0.1]),
  logit_scale: floats([], [0.45]),
  frozen: floats([1], [0.3]),
  unreached: floats([2], [5, 6]),
  idle: floats([2], [2, 4]),
};

export const regressionOptions: CompileOptions = {
  weights: regressionWeights,
  trained: new Set(['slope', 'offset', 'logit_scale', 'unreached', 'idle']),
  decayed: new Set(['slope', 'unreached', 'idle']),
  state: {mean: floats([features], [0, 0, 0]), untouched: floats([1], [7])},
  optimizer: {beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.1},
  clamped: {logit_scale: [0, 0.5]},
};

/** The batch of a step, drawn anew for each. */
export function regressionBatch(step: number): RegressionBatch {
  const draw = (...at: number[]) => Math.fround(uniform(11, step, ...at) * 4 - 2);
  return {
    inputs: [0, 1, 2, 3].map((row) => [0, 1, 2].map((column) => draw(0, row, column))),
    targets: [0, 1, 2, 3].map((row) => draw(1, row)),
  };
}

export function regressionArrays({inputs, targets}: RegressionBatch): HostArrays {
  return {
    inputs: floats([inputs.length, features], inputs.flat()),
    targets: floats([targets.length], targets),
  };
}
