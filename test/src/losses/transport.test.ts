import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {transportPlan} from '../../../src/losses/transport.js';
import {dotProducts, firstArgMax, scaled, type Matrix} from '../../reference/matrix.js';
import {numericalGradient} from '../../reference/numerical-gradient.js';
import {columnSums, sinkhorn} from '../../reference/transport.js';
import {expectClose} from '../../support/expect-close.js';
import {randomFeatures, randomMatrix} from '../../support/random-features.js';
import {gradientsOf, inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

function planOf(similarity: Matrix, scale: number, iterations: number): number[][] {
  return inScope(() => {
    const logits: Tensor2D = tf.mul(tensor(similarity), scale);
    return transportPlan(logits, iterations).arraySync();
  });
}

function similarityOf(unpaired: number, pairs: number, seed: number): number[][] {
  const {queries, images} = randomFeatures({unpaired, pairs, words: 1}, 1, seed);
  return dotProducts(queries, images);
}

describe.each([10, 1 / 0.07, 100])('at scale %d', (scale) => {
  it.each([
    [7, 5],
    [5, 7],
    [1, 6],
    [6, 1],
    [128, 128],
  ])('a plan of %d by %d agrees with float64 loops after 1 and 10 iterations', (unpaired, pairs) => {
    const similarity = similarityOf(unpaired, pairs, 5);
    for (const iterations of [1, 10]) {
      const {plan} = sinkhorn(similarity, 1 / scale, iterations);
      expectClose(planOf(similarity, scale, iterations), plan, {relative: 0, absolute: 1e-5});
    }
  });

  it('rows sum to 1 and permuting either side permutes the plan', () => {
    const similarity = similarityOf(4, 6, 6);
    const plan = planOf(similarity, scale, 10);
    for (const row of plan) expect(row.reduce((sum, entry) => sum + entry, 0)).toBeCloseTo(1, 5);
    const [rows, columns] = [
      [2, 0, 3, 1],
      [5, 1, 0, 4, 2, 3],
    ] as const;
    const moved = (matrix: Matrix) => rows.map((i) => columns.map((j) => matrix[i]![j]!));
    expectClose(planOf(moved(similarity), scale, 10), moved(plan), {relative: 0, absolute: 1e-5});
  });

  it('is finite with duplicate rows and columns', () => {
    const similarity = [
      [1, 1, -1],
      [1, 1, -1],
      [-1, -1, -1],
    ];
    expect(planOf(similarity, scale, 10).flat().every(Number.isFinite)).toBe(true);
  });

  it('the same images on both sides are matched to themselves', () => {
    const {images} = randomFeatures({unpaired: 1, pairs: 8, words: 1}, scale, 7);
    expect(planOf(dotProducts(images, images), scale, 10).map(firstArgMax)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  });
});

it('column sums approach u / b as iterations grow', () => {
  const similarity = similarityOf(6, 4, 8);
  const error = (iterations: number) =>
    Math.max(...columnSums(planOf(similarity, 10, iterations)).map((sum) => Math.abs(sum - 6 / 4)));
  expect(error(1)).toBeGreaterThan(error(10));
  expect(error(10)).toBeGreaterThan(error(60));
  expect(error(60)).toBeLessThan(2e-3);
});

it('constant similarities give a uniform plan after any number of iterations', () => {
  const similarity = [
    [0.5, 0.5, 0.5, 0.5],
    [0.5, 0.5, 0.5, 0.5],
    [0.5, 0.5, 0.5, 0.5],
  ];
  for (const iterations of [1, 10, 50]) {
    expectClose(
      planOf(similarity, 10, iterations),
      [0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25],
    );
  }
});

it.each([10, 100])('gradients run through all iterations, scale %d', (scale) => {
  const similarity = similarityOf(4, 3, 9);
  const weights = randomMatrix(4, 3, 10);
  const reference = (x: Matrix) =>
    sinkhorn(x, 1 / scale, 10).plan.reduce(
      (sum, row, i) => sum + row.reduce((part, entry, j) => part + entry * weights[i]![j]!, 0),
      0,
    );
  const [gradient] = gradientsOf(
    (x) => tf.sum(tf.mul(transportPlan(tf.mul(x as Tensor2D, scale), 10), tensor(weights))),
    () => [tensor(similarity)],
  );
  // each entry is s times differences of plan entries: rounding is relative to s
  expectClose(gradient!, numericalGradient(reference, similarity, 1e-6), {
    relative: 1e-4,
    absolute: 2e-6 * scale,
  });
});

it('logits are what counts: cosine / reg, whatever constant is added', () => {
  const similarity = similarityOf(3, 3, 11);
  const shifted = similarity.map((row) => row.map((value) => value - 1));
  expectClose(planOf(shifted, 10, 10), planOf(similarity, 10, 10));
  expectClose(planOf(scaled(similarity, 0.5), 20, 10), planOf(similarity, 10, 10));
});
