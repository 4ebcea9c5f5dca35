import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {contrastiveLoss} from '../../../src/losses/contrastive.js';
import {meanEntropy} from '../../../src/losses/entropy.js';
import {
  multiPositiveTargets,
  negativesSmoothing,
  pairTargetLoss,
  targetsBothWays,
  uniformSmoothing,
} from '../../../src/losses/pair-targets.js';
import {unitRows} from '../../../src/model/unit-rows.js';
import {softmaxRow} from '../../reference/contrastive.js';
import {transposed, type Matrix} from '../../reference/matrix.js';
import {identity, pairTargetLoss as reference, smoothed} from '../../reference/pair-targets.js';
import {expectClose} from '../../support/expect-close.js';
import {
  expectFinite,
  expectLikeOracle,
  lossAt,
  one,
  scaleFrom,
  toleranceAt,
} from '../../support/loss-oracle.js';
import {randomFeatures, randomMatrix} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const counts = {pairs: 6, unpaired: 1, words: 1};
const conventions = {negatives: negativesSmoothing, uniform: uniformSmoothing};
const rowsOf = (make: () => Tensor2D): number[][] => inScope(() => make().arraySync());

describe.each([10, 1 / 0.07, 100])('pairTargetLoss at scale %d', (scale) => {
  const {images, texts: own} = randomFeatures(counts, scale, 51);
  const texts = [...own.slice(1), own[0]!]; // wrong pairs: a large loss
  const rowsOfSeed = (seed: number): Matrix => randomMatrix(6, 6, seed).map(softmaxRow);
  const targets = [rowsOfSeed(1), rowsOfSeed(2)] as const;

  it('value and gradients agree with float64 loops, the directions kept apart', () => {
    expectLikeOracle({
      inputs: {images, texts, tau: one(Math.log(scale))},
      loss: (of) => {
        const both = {imageToText: tensor(targets[0]), textToImage: tensor(targets[1])};
        return pairTargetLoss(of, scaleFrom(of.tau), both);
      },
      oracle: (of) => reference(of.images, of.texts, Math.exp(of.tau[0]![0]!), targets),
      tolerance: toleranceAt(scale),
    });
  });

  it('towards the identity it is InfoNCE to the bit, as is every smoothing at alpha 0', () => {
    inScope(() => {
      const pairs = {images: tensor(images), texts: tensor(texts)};
      const plain = contrastiveLoss(pairs, tf.scalar(scale)).arraySync();
      for (const make of [
        multiPositiveTargets,
        (positives: Tensor2D) => negativesSmoothing(positives, 0),
        (positives: Tensor2D) => uniformSmoothing(positives, 0),
      ]) {
        const towards = targetsBothWays(tf.eye(6), make);
        expect(pairTargetLoss(pairs, tf.scalar(scale), towards).arraySync()).toBe(plain);
      }
    });
  });

  it('permuting the pairs, or multiplying raw features, changes nothing', () => {
    const lossOf = (i: Matrix, t: Matrix) =>
      inScope(() => {
        const smooth = targetsBothWays(tf.eye(6), (positives) => negativesSmoothing(positives, 0.2));
        const pairs = {images: unitRows(tensor(i)), texts: unitRows(tensor(t))};
        return pairTargetLoss(pairs, tf.scalar(scale), smooth).arraySync();
      });
    const order = [3, 0, 5, 1, 4, 2];
    const moved = (rows: Matrix) => order.map((i) => rows[i]!);
    const larger = (rows: Matrix) => rows.map((row, i) => row.map((value) => value * (i + 2)));
    const before = lossOf(images, texts);
    expectClose(lossOf(moved(images), moved(texts)), before);
    expectClose(lossOf(larger(images), larger(texts)), before);
  });
});

describe.each(['negatives', 'uniform'] as const)('%s smoothing', (convention) => {
  const smooth = conventions[convention];

  it.each([0, 0.1, 0.2, 1])('agrees with float64 loops at alpha %d', (alpha) => {
    const positives = [
      [1, 0, 1, 0],
      [0, 1, 0, 0],
      [1, 0, 1, 0],
      [0, 0, 0, 1],
    ];
    for (const given of [identity(5), positives]) {
      const rows = rowsOf(() => smooth(tensor(given), alpha));
      expectClose(rows, smoothed(given, alpha, convention));
      expectClose(
        rows.map((row) => row.reduce((sum, entry) => sum + entry, 0)),
        given.map(() => 1),
      );
    }
  });

  it('a single pair keeps its target', () => {
    expectClose(
      rowsOf(() => smooth(tensor([[1]]), 0.2)),
      [[1]],
    );
  });

  it('the loss is least, the entropy of the targets, where softmax equals them', () => {
    const alpha = 0.2;
    const [atLeast, floor, gradients] = inScope(() => {
      const targets = smooth(tf.eye(4), alpha);
      // features whose products are the logarithms of the targets
      const logits = tf.log(targets);
      const both = {imageToText: targets, textToImage: targets};
      const at = {images: logits.arraySync()};
      const {value, gradients: found} = lossAt(at, ({images}) =>
        pairTargetLoss({images, texts: tf.eye(4)}, tf.scalar(1), both),
      );
      return [value, meanEntropy(targets).arraySync(), found.images];
    });
    expectClose(atLeast, floor);
    expectClose(
      gradients,
      gradients.map((row) => row.map(() => 0)),
      {relative: 0, absolute: 1e-6},
    );
  });
});

it('alpha for one convention converts into alpha for the other by N / (N - 1)', () => {
  for (const n of [2, 4, 64]) {
    expectClose(
      rowsOf(() => uniformSmoothing(tf.eye(n), (0.2 * n) / (n - 1))),
      rowsOf(() => negativesSmoothing(tf.eye(n), 0.2)),
    );
  }
});

it('several positives share 1 evenly, a row without any stays zero', () => {
  const positives = [
    [1, 1, 0],
    [0, 0, 0],
    [1, 1, 1],
  ];
  const expected = [
    [1 / 2, 1 / 2, 0],
    [0, 0, 0],
    [1 / 3, 1 / 3, 1 / 3],
  ];
  expectClose(
    rowsOf(() => multiPositiveTargets(tensor(positives))),
    expected,
  );
  const {textToImage} = inScope(() => {
    const both = targetsBothWays(tensor(positives), multiPositiveTargets);
    return {textToImage: both.textToImage.arraySync()};
  });
  expectClose(
    textToImage,
    transposed(positives).map((row) => {
      const sum = row.reduce((total, entry) => total + entry, 0);
      return row.map((entry) => entry / sum);
    }),
  );
});

it('duplicate and zero rows give finite values and gradients', () => {
  const raw = [
    [0, 0, 0],
    [1, 2, 3],
    [1, 2, 3],
    [-1, 0, 0],
  ];
  const found = lossAt({images: raw, texts: raw}, ({images, texts}) => {
    const smooth = targetsBothWays(tf.eye(4), (positives) => negativesSmoothing(positives, 0.2));
    return pairTargetLoss({images: unitRows(images), texts: unitRows(texts)}, tf.scalar(100), smooth);
  });
  expectFinite(found);
});

it('equal embeddings cost ln N whatever the smoothing', () => {
  const rows = Array.from({length: 8}, () => [0.6, 0.8]);
  for (const smooth of Object.values(conventions)) {
    const {value} = lossAt({rows}, ({rows: same}) =>
      pairTargetLoss(
        {images: same, texts: same},
        tf.scalar(100),
        targetsBothWays(tf.eye(8), (positives) => smooth(positives, 0.2)),
      ),
    );
    expectClose(value, Math.log(8));
  }
});
