import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {contrastiveLoss} from '../../../src/losses/contrastive.js';
import {
  lateInteraction,
  lateInteractionLoss,
  promptEnsemble,
  topPatchShare,
} from '../../../src/losses/late-interaction.js';
import {unitRows as unitRowsOf} from '../../../src/model/unit-rows.js';
import {lateInteraction as reference} from '../../reference/late-interaction.js';
import {dotProducts, transposed, unitRows, type Matrix} from '../../reference/matrix.js';
import {identity, twoWayCrossEntropy} from '../../reference/pair-targets.js';
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
import {randomMatrix} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const [b, p, t, d] = [4, 5, 6, 7];
const images = unitRows(randomMatrix(b * p, d, 91));
const texts = unitRows(randomMatrix(b * t, d, 92));
const mask = [6, 3, 1, 4].map((length) => Array.from({length: t}, (_, r) => (r < length ? 1 : 0)));
const isPadding = (row: number) => mask.flat()[row] === 0;

/** [n * count, d] -> [n, count, d]. */
const items = (rows: Tensor2D, count: number): Tensor3D =>
  tf.reshape(rows, [rows.shape[0] / count, count, rows.shape[1]]);

const tokensOf = (of: {images: Tensor2D; texts: Tensor2D}, textMask = tensor(mask)) => ({
  images: items(of.images, p),
  texts: items(of.texts, t),
  textMask,
});

const similaritiesOf = (i: Matrix, w: Matrix, combine?: 'mean' | 'sum') =>
  inScope(() => {
    const {imageToText, textToImage} = lateInteraction(
      tokensOf({images: tensor(i), texts: tensor(w)}),
      combine,
    );
    return {imageToText: imageToText.arraySync(), textToImage: textToImage.arraySync()};
  });

const oracle = (i: Matrix, w: Matrix) => reference({rows: i, count: p}, {rows: w, count: t}, mask);

describe('lateInteraction', () => {
  it('both matrices agree with loops over every pair of tokens, and differ', () => {
    const found = similaritiesOf(images, texts);
    const expected = oracle(images, texts);
    expectClose(found.imageToText, expected.imageToText);
    expectClose(found.textToImage, transposed(expected.textToImage));
    expect(Math.abs(found.imageToText[0]![1]! - found.textToImage[1]![0]!)).toBeGreaterThan(0.01);
  });

  it('what padding holds changes nothing', () => {
    const other = unitRows(randomMatrix(b * t, d, 93));
    const repadded = texts.map((row, r) => (isPadding(r) ? other[r]! : row));
    expect(similaritiesOf(images, repadded)).toEqual(similaritiesOf(images, texts));
  });

  it('permuting the tokens of an image, or of a text, changes nothing', () => {
    const reversed = (rows: Matrix, count: number) =>
      rows.map((_, r) => rows[Math.floor(r / count) * count + count - 1 - (r % count)]!);
    const before = similaritiesOf(images, texts);
    const moved = inScope(() => {
      const tokens = tokensOf(
        {images: tensor(reversed(images, p)), texts: tensor(reversed(texts, t))},
        tensor(mask.map((row) => [...row].reverse())),
      );
      return lateInteraction(tokens).imageToText.arraySync();
    });
    expectClose(moved, before.imageToText);
  });

  it('one token each makes it the cosines of pooled embeddings', () => {
    const {imageToText, textToImage} = inScope(() => {
      const tokens = {
        images: items(tensor(images), 1),
        texts: items(tensor(texts), 1),
        textMask: tf.ones<tf.Rank.R2>([b * t, 1]),
      };
      const found = lateInteraction(tokens);
      return {imageToText: found.imageToText.arraySync(), textToImage: found.textToImage.arraySync()};
    });
    expectClose(imageToText, dotProducts(images, texts));
    expectClose(textToImage, dotProducts(texts, images));
  });

  it('the sum is the mean times the patches, or times the words that count', () => {
    const [sums, means] = [similaritiesOf(images, texts, 'sum'), similaritiesOf(images, texts)];
    expectClose(
      sums.imageToText,
      means.imageToText.map((row) => row.map((value) => value * p)),
    );
    const words = mask.map((row) => row.filter((entry) => entry === 1).length);
    expectClose(
      sums.textToImage,
      means.textToImage.map((row, j) => row.map((value) => value * words[j]!)),
    );
  });
});

describe('topPatchShare', () => {
  const shareOf = (rows: Matrix) =>
    inScope(() => topPatchShare(tokensOf({images: tensor(rows), texts: tensor(texts)})).arraySync());

  it('agrees with loops that count what every word is nearest to', () => {
    const cosines = dotProducts(images, texts);
    const shares = mask.map((_, i) => {
      const wins = Array.from({length: p}, () => 0);
      texts.forEach((_word, r) => {
        if (isPadding(r)) return;
        const own = wins.map((_win, k) => cosines[i * p + k]![r]!);
        wins[own.indexOf(Math.max(...own))]! += 1;
      });
      return Math.max(...wins) / wins.reduce((sum, count) => sum + count, 0);
    });
    expectClose(shareOf(images), shares.reduce((sum, share) => sum + share, 0) / b);
  });

  it('is 1 where one patch of each image is nearest to every word', () => {
    const towards = [1, ...Array.from({length: d - 1}, () => 0)];
    const words = unitRows(texts.map(([first = 0, ...rest]) => [Math.abs(first) + 0.1, ...rest]));
    const given = images.map((_, r) => towards.map((value) => (r % p === 2 ? value : -value)));
    const share = inScope(() =>
      topPatchShare(tokensOf({images: tensor(given), texts: tensor(words)})).arraySync(),
    );
    expect(share).toBe(1);
  });
});

describe('lateInteractionLoss', () => {
  it.each([1 / 0.07, 100])('value and gradients agree with float64 loops at scale %d', (scale) => {
    expectLikeOracle({
      inputs: {images, texts, tau: one(Math.log(scale))},
      loss: (of) => lateInteractionLoss(tokensOf(of), scaleFrom(of.tau)),
      oracle: (of) => {
        const {imageToText, textToImage} = oracle(of.images, of.texts);
        const targets = [identity(b), identity(b)] as const;
        return twoWayCrossEntropy([imageToText, transposed(textToImage)], Math.exp(of.tau[0]![0]!), targets);
      },
      tolerance: toleranceAt(scale),
    });
  });

  it('padding has a gradient of exactly zero', () => {
    const {gradients} = lossAt({images, texts}, (of) => lateInteractionLoss(tokensOf(of), tf.scalar(10)));
    expectZero(gradients.texts.filter((_, r) => isPadding(r)));
    expect(gradients.texts[0]!.some((entry) => entry !== 0)).toBe(true);
  });

  it('takes targets of several positives', () => {
    const duplicates = [
      [0.5, 0.5, 0, 0],
      [0.5, 0.5, 0, 0],
      [0, 0, 1, 0],
      [0, 0, 0, 1],
    ];
    const {value} = lossAt({images, texts}, (of) => {
      const targets = {imageToText: tensor(duplicates), textToImage: tensor(duplicates)};
      return lateInteractionLoss(tokensOf(of), tf.scalar(10), targets);
    });
    const {imageToText, textToImage} = oracle(images, texts);
    expectClose(
      value,
      twoWayCrossEntropy([imageToText, transposed(textToImage)], 10, [duplicates, duplicates]),
    );
  });

  it('is finite for zero tokens and for repeated ones at scale 100', () => {
    const raw = Array.from({length: b * p}, (_, r) => (r % 3 === 0 ? [0, 0] : [1, 2]));
    const words = Array.from({length: b * t}, (_, r) => (r % 2 === 0 ? [0, 0] : [1, 2]));
    const found = lossAt({images: raw, texts: words}, (of) =>
      lateInteractionLoss(
        tokensOf({images: unitRowsOf(of.images), texts: unitRowsOf(of.texts)}),
        tf.scalar(100),
      ),
    );
    expectFinite(found);
  });

  it('finds pairs that share one token, where the means of tokens say nothing', () => {
    // item i holds the basis vectors i and -i, so its mean is the zero vector whatever i is
    const basis = (i: number, sign: number) => Array.from({length: b}, (_, j) => (j === i ? sign : 0));
    const shared = Array.from({length: b}, (_, i) => [basis(i, 1), basis(i, -1)]).flat();
    const late = inScope(() => {
      const tokens = items(tensor(shared), 2);
      const textMask = tf.ones<tf.Rank.R2>([b, 2]);
      return lateInteractionLoss({images: tokens, texts: tokens, textMask}, tf.scalar(10)).arraySync();
    });
    const pooled = inScope(() => {
      const means = unitRowsOf(tf.mean<Tensor2D>(items(tensor(shared), 2), 1));
      return contrastiveLoss({images: means, texts: means}, tf.scalar(10)).arraySync();
    });
    expect(late).toBeLessThan(0.001);
    expectClose(pooled, Math.log(b));
  });
});

it('a class with several prompts scores the mean of their similarities', () => {
  const similarities = [
    [0.2, 0.4, 0.9],
    [1, 0, 0.5],
  ];
  const scores = inScope(() => promptEnsemble(tensor(similarities), [[0, 1], [2]]).arraySync());
  expectClose(scores, [
    [0.3, 0.9],
    [0.5, 0.5],
  ]);
});
