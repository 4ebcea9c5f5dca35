import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {contrastiveLoss} from '../../../src/losses/contrastive.js';
import {contrastiveLoss as reference} from '../../reference/contrastive.js';
import type {Matrix} from '../../reference/matrix.js';
import {numericalDerivative, numericalGradient} from '../../reference/numerical-gradient.js';
import {expectClose} from '../../support/expect-close.js';
import {randomFeatures} from '../../support/random-features.js';
import {gradientsOf, inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const counts = {pairs: 6, unpaired: 4, words: 3};

function lossOf(images: Matrix, texts: Matrix, scale: number, negatives?: Matrix): number {
  return inScope(() => {
    const pairs = {images: tensor(images), texts: tensor(texts)};
    return contrastiveLoss(pairs, tf.scalar(scale), negatives && tensor(negatives)).arraySync();
  });
}

describe.each([10, 1 / 0.07, 100])('at scale %d', (scale) => {
  // rotated texts belong to other images: a large loss, the strict test of its log-sum-exp
  const {images, texts: own, queries} = randomFeatures(counts, scale, 3);
  const texts = [...own.slice(1), own[0]!];

  it('values agree with float64 loops, with and without extra negatives', () => {
    expectClose(lossOf(images, own, scale), reference(images, own, scale));
    expectClose(lossOf(images, texts, scale), reference(images, texts, scale));
    expectClose(lossOf(images, texts, scale, queries), reference(images, texts, scale, queries));
  });

  it('gradients agree with float64 differences', () => {
    const gradients = gradientsOf(
      (i, t, q, tau) =>
        contrastiveLoss({images: i as Tensor2D, texts: t as Tensor2D}, tf.exp(tau as Scalar), q as Tensor2D),
      () => [tensor(images), tensor(texts), tensor(queries), tf.scalar(Math.log(scale))],
    );
    // a gradient is s times differences of near-equal rows: its rounding is relative to s, not to itself
    const tolerance = {relative: 1e-4, absolute: 1e-6 * scale};
    expectClose(
      gradients[0]!,
      numericalGradient((x) => reference(x, texts, scale, queries), images),
      tolerance,
    );
    expectClose(
      gradients[1]!,
      numericalGradient((x) => reference(images, x, scale, queries), texts),
      tolerance,
    );
    expectClose(
      gradients[2]!,
      numericalGradient((x) => reference(images, texts, scale, x), queries),
      tolerance,
    );
    const byTau = numericalDerivative(
      (tau) => reference(images, texts, Math.exp(tau), queries),
      Math.log(scale),
    );
    expectClose(gradients[3]!, byTau, tolerance);
  });

  it('permuting the pairs changes nothing', () => {
    const order = [3, 0, 5, 1, 4, 2];
    const moved = (rows: Matrix) => order.map((i) => rows[i]!);
    expectClose(lossOf(moved(images), moved(texts), scale, queries), lossOf(images, texts, scale, queries));
  });

  it('never falls below zero and stays finite for duplicate pairs', () => {
    const rows = [images[0]!, images[0]!, images[1]!, images[1]!];
    const loss = lossOf(rows, rows, scale, [images[0]!]);
    expect(loss).toBeGreaterThan(0);
    expect(loss).toBeLessThan(Math.log(3));
    expect(lossOf([images[0]!], [images[0]!], scale)).toBe(0);
  });
});

it('equal embeddings cost ln b', () => {
  const rows = Array.from({length: 8}, () => [0.6, 0.8]);
  expect(lossOf(rows, rows, 100)).toBeCloseTo(Math.log(8), 5);
});

it('extra negatives touch the captions only: half of ln (b + u) and half of ln b', () => {
  const rows = Array.from({length: 4}, () => [0.6, 0.8]);
  expect(lossOf(rows, rows, 100, rows)).toBeCloseTo((Math.log(4) + Math.log(8)) / 2, 5);
});
