import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {siglipLoss} from '../../../src/losses/siglip.js';
import {unitRows as unitRowsOf} from '../../../src/model/unit-rows.js';
import {dotProducts, type Matrix} from '../../reference/matrix.js';
import {sigmoidLoss} from '../../reference/pair-objectives.js';
import {identity} from '../../reference/pair-targets.js';
import {expectClose} from '../../support/expect-close.js';
import {
  expectFinite,
  expectLikeOracle,
  lossAt,
  one,
  scaleFrom,
  toleranceAt,
} from '../../support/loss-oracle.js';
import {randomFeatures} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const {images, texts: own, words} = randomFeatures({pairs: 6, unpaired: 1, words: 4}, 10, 131);
const texts = [...own.slice(1), own[0]!];
const scalar = (of: tf.Tensor2D): tf.Scalar => tf.reshape(of, []);

const logitsOf = (i: Matrix, t: Matrix, scale: number, bias: number) =>
  dotProducts(i, t).map((row) => row.map((cosine) => scale * cosine + bias));

describe.each([
  [10, -10],
  [100, -10],
  [100, -24.7],
])('at scale %d and bias %d', (scale, bias) => {
  it('value and gradients agree with float64 loops', () => {
    expectLikeOracle({
      inputs: {images, texts, tau: one(Math.log(scale)), bias: one(bias)},
      loss: (of) => siglipLoss(of, scaleFrom(of.tau), scalar(of.bias)),
      oracle: (of) =>
        sigmoidLoss(logitsOf(of.images, of.texts, Math.exp(of.tau[0]![0]!), of.bias[0]![0]!), identity(6)),
      tolerance: toleranceAt(scale),
    });
  });

  it('takes any positives, and fewer texts than images', () => {
    const positives = images.map((_, i) => words.map((_, j) => ((i * j) % 3 === 1 ? 1 : 0)));
    expectLikeOracle({
      inputs: {images, words},
      loss: (of) =>
        siglipLoss(
          {images: of.images, texts: of.words},
          tf.scalar(scale),
          tf.scalar(bias),
          tensor(positives),
        ),
      oracle: (of) => sigmoidLoss(logitsOf(of.images, of.words, scale, bias), positives),
      tolerance: toleranceAt(scale),
    });
  });
});

it('permuting the pairs changes nothing', () => {
  const valueOf = (i: Matrix, t: Matrix) =>
    inScope(() =>
      siglipLoss({images: tensor(i), texts: tensor(t)}, tf.scalar(10), tf.scalar(-5)).arraySync(),
    );
  const order = [3, 0, 5, 1, 4, 2];
  const moved = (rows: Matrix) => order.map((i) => rows[i]!);
  expectClose(valueOf(moved(images), moved(texts)), valueOf(images, texts));
});

it('is a sum over blocks: two halves of the texts, each with its positives', () => {
  const [whole, halves] = inScope(() => {
    const i = tensor(images);
    const lossOf = (from: number, to: number) =>
      siglipLoss(
        {images: i, texts: tensor(texts.slice(from, to))},
        tf.scalar(10),
        tf.scalar(-5),
        tensor(identity(6).map((row) => row.slice(from, to))),
      ).arraySync();
    return [lossOf(0, 6), lossOf(0, 3) + lossOf(3, 6)];
  });
  expectClose(halves, whole);
});

it('a single pair costs what its own sigmoid does', () => {
  const value = inScope(() =>
    siglipLoss(
      {images: tensor([[1, 0]]), texts: tensor([[1, 0]])},
      tf.scalar(10),
      tf.scalar(-10),
    ).arraySync(),
  );
  expectClose(value, Math.LN2);
});

it('is finite for duplicate and zero rows, and far from 0', () => {
  const raw = [
    [0, 0, 0],
    [1, 2, 3],
    [1, 2, 3],
    [-1, 0, 0],
  ];
  for (const bias of [-1000, 0, 1000]) {
    const found = lossAt({images: raw, texts: raw, bias: one(bias)}, (of) =>
      siglipLoss(
        {images: unitRowsOf(of.images), texts: unitRowsOf(of.texts)},
        tf.scalar(100),
        scalar(of.bias),
      ),
    );
    expectFinite(found);
    expect(found.value).toBeGreaterThan(0);
  }
});
