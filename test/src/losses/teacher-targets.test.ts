import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {contrastiveLoss} from '../../../src/losses/contrastive.js';
import {pairTargetLoss} from '../../../src/losses/pair-targets.js';
import {
  leastConfidentRows,
  replaceRows,
  swapped,
  teacherTargets,
} from '../../../src/losses/teacher-targets.js';
import {unitRows} from '../../../src/model/unit-rows.js';
import {dotProducts, scaled, transposed, type Matrix} from '../../reference/matrix.js';
import {pairTargetLoss as reference} from '../../reference/pair-targets.js';
import {softmaxRows} from '../../reference/softclip.js';
import {expectClose} from '../../support/expect-close.js';
import {
  expectFinite,
  expectLikeOracle,
  expectZero,
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

const {
  images,
  texts,
  queries: teacherImages,
  words: teacherTexts,
} = randomFeatures({pairs: 5, unpaired: 5, words: 5}, 10, 151);
const diagonal = () => ({imageToText: tf.eye(5), textToImage: tf.eye(5)});

function targets64(i: Matrix, t: Matrix, scale: number): [Matrix, Matrix] {
  const logits = scaled(dotProducts(i, t), scale);
  return [softmaxRows(logits), softmaxRows(transposed(logits))];
}

describe.each([1 / 0.07, 100])('distillation from a teacher at scale %d', (teacherScale) => {
  const teacherOf = () =>
    teacherTargets({images: tensor(teacherImages), texts: tensor(teacherTexts)}, tf.scalar(teacherScale));

  it('value and gradients agree with float64 loops', () => {
    const targets = targets64(teacherImages, teacherTexts, teacherScale);
    expectLikeOracle({
      inputs: {images, texts, tau: one(Math.log(10))},
      loss: (of) => pairTargetLoss(of, scaleFrom(of.tau), teacherOf()),
      oracle: (of) => reference(of.images, of.texts, Math.exp(of.tau[0]![0]!), targets),
      tolerance: toleranceAt(10),
    });
  });

  it('some rows of it: they take its rows, the others stay one-hot', () => {
    const rows = [0, 1, 0, 0, 1];
    for (const exchange of [false, true]) {
      const soft = targets64(teacherImages, teacherTexts, teacherScale);
      const mix = (target: Matrix): Matrix =>
        target.map((row, i) => (rows[i] === 1 ? row : row.map((_, j) => Number(i === j))));
      const mixed = exchange
        ? ([mix(soft[1]), mix(soft[0])] as const)
        : ([mix(soft[0]), mix(soft[1])] as const);
      const {value} = lossAt({images, texts}, (of) => {
        const teacher = exchange ? swapped(teacherOf()) : teacherOf();
        return pairTargetLoss(of, tf.scalar(10), replaceRows(diagonal(), teacher, tf.tensor1d(rows)));
      });
      expectClose(value, reference(images, texts, 10, mixed));
    }
  });

  it('no rows of it: InfoNCE to the bit', () => {
    const [mixed, plain] = inScope(() => {
      const pairs = {images: tensor(images), texts: tensor(texts)};
      const targets = replaceRows(diagonal(), teacherOf(), tf.zeros([5]));
      const scale = tf.scalar(10);
      return [pairTargetLoss(pairs, scale, targets).arraySync(), contrastiveLoss(pairs, scale).arraySync()];
    });
    expect(mixed).toBe(plain);
  });
});

describe('a teacher that is the student itself', () => {
  const gradientsOf = (
    change: (soft: ReturnType<typeof teacherTargets>) => ReturnType<typeof teacherTargets>,
  ) =>
    lossAt({images, texts, tau: one(Math.log(10))}, (of) => {
      const scale = scaleFrom(of.tau);
      return pairTargetLoss(of, scale, change(teacherTargets(of, scale)));
    }).gradients;

  it('teaches nothing directly, and something when swapped', () => {
    const direct = gradientsOf((soft) => soft);
    for (const gradient of Object.values(direct)) {
      expect(Math.max(...gradient.flat().map(Math.abs))).toBeLessThan(1e-5);
    }
    expect(Math.max(...gradientsOf(swapped).images.flat().map(Math.abs))).toBeGreaterThan(1e-3);
  });

  it('is a constant: its features have a gradient of zero', () => {
    const {gradients} = lossAt({teacherImages, teacherTexts, scale: one(10)}, (of) => {
      const teacher = {images: of.teacherImages, texts: of.teacherTexts};
      const soft = teacherTargets(teacher, tf.reshape<tf.Rank.R0>(of.scale, []));
      return pairTargetLoss({images: tensor(images), texts: tensor(texts)}, tf.scalar(10), soft);
    });
    for (const gradient of Object.values(gradients)) expectZero(gradient);
  });

  it('is finite for duplicate and zero rows', () => {
    const raw = [
      [0, 0, 0],
      [1, 2, 3],
      [1, 2, 3],
    ];
    const found = lossAt({images: raw, texts: raw}, (of) => {
      const pairs = {images: unitRows(of.images), texts: unitRows(of.texts)};
      return pairTargetLoss(pairs, tf.scalar(100), swapped(teacherTargets(pairs, 100)));
    });
    expectFinite(found);
  });
});

describe('leastConfidentRows', () => {
  const own = [0.9, 0.2, 0.7, 0.2, 0.5];
  const targets = own.map((p, i) => own.map((_, j) => (i === j ? p : (1 - p) / 4)));
  const rowsAt = (count: number) =>
    inScope(() => leastConfidentRows(tensor(targets), tf.scalar(count)).arraySync());

  it('takes the pairs with the smallest own probability, the lower index of a tie', () => {
    expect(rowsAt(0)).toEqual([0, 0, 0, 0, 0]);
    expect(rowsAt(1)).toEqual([0, 1, 0, 0, 0]);
    expect(rowsAt(3)).toEqual([0, 1, 0, 1, 1]);
    expect(rowsAt(5)).toEqual([1, 1, 1, 1, 1]);
  });
});
