import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {trainingFlops} from '../../../bench/train/flops.js';
import {stepProgram} from '../../../src/app/training/compile-parts.js';
import {startEngine} from '../../../src/engine/backend.js';
import {stepCost} from '../../../src/engine/step-cost.js';
import type {HostArrays, Step} from '../../../src/engine/step.js';
import {randomModel} from '../../../src/model/random-model.js';
import {clipBatch} from '../../support/engine-clip.js';
import {defaultPart} from '../../support/method-training.js';
import {tinyVit} from '../../support/tiny-clip.js';

function zeros(...shape: readonly number[]) {
  return {shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1))};
}

/** FLOP of a step that trains the weights `trained`. */
function flopsOf(step: Step, weights: HostArrays, batch: HostArrays, trained: readonly string[]): number {
  const options = {
    ...{weights, trained: new Set(trained), decayed: new Set<string>(), state: {}, clamped: {}},
    optimizer: {beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0},
  };
  return stepCost(step, options, {batch, scalars: ['learningRate', 'step'], precision: 'fp32'})!.flops;
}

beforeAll(async () => {
  await startEngine('tensorflow');
});

describe('the cost of a step', () => {
  it('of a matrix product is its own and those of the gradients that are asked for', () => {
    const step: Step = ({a, b}, _state, {x}) => {
      const loss = tf.sum<Scalar>(tf.matMul(tf.matMul(x as Tensor2D, a as Tensor2D), b as Tensor2D));
      return {loss, terms: {}, state: {}};
    };
    const weights = {a: zeros(3, 5), b: zeros(5, 7)};
    const [first, second] = [2 * 2 * 3 * 5, 2 * 2 * 5 * 7];
    expect(flopsOf(step, weights, {x: zeros(2, 3)}, ['b'])).toBe(first + 2 * second);
    // the gradient of a goes through b, that of x is not asked for
    expect(flopsOf(step, weights, {x: zeros(2, 3)}, ['a', 'b'])).toBe(2 * first + 3 * second);
  });

  it('of a convolution is a product for each pixel and channel of its result', () => {
    const step: Step = ({kernel}, _state, {x}) => {
      const loss = tf.sum<Scalar>(tf.conv2d(x as Tensor4D, kernel as Tensor4D, 1, 'same'));
      return {loss, terms: {}, state: {}};
    };
    const forward = 2 * (2 * 8 * 8 * 4) * (3 * 3 * 3);
    expect(flopsOf(step, {kernel: zeros(3, 3, 3, 4)}, {x: zeros(2, 8, 8, 3)}, ['kernel'])).toBe(2 * forward);
  });

  it('of CLIP is at most that of its architecture, which counts rows that nothing reads, and near it', async () => {
    const parts = [await defaultPart('clip')];
    const updates = {
      ...{beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0, clipNorm: null, seed: 0},
      ...({frozen: 'none', microBatch: null} as const),
    };
    const {step, options} = stepProgram(parts, randomModel(tinyVit, 1), updates);
    const batch = clipBatch(tinyVit, parts, 0);
    const run = {batch, scalars: ['learningRate', 'step'], precision: 'fp32'} as const;
    const [rows, length] = batch['paired.ids']!.shape as [number, number];
    const whole = trainingFlops(tinyVit, {images: rows, texts: [{rows, length}]});
    const {flops, operations} = stepCost(step, options, run)!;
    expect(flops / whole).toBeGreaterThan(0.5);
    expect(flops / whole).toBeLessThan(1.2);
    expect(operations).toBeGreaterThan(100);
  });
});
