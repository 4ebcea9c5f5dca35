import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {contrastiveLoss} from '../../../src/losses/contrastive.js';
import type {DivergenceKind} from '../../../src/losses/divergence.js';
import {logSelfSimilarity} from '../../../src/losses/self-similarity.js';
import {meanTargetEntropy, negativesAlignmentLoss, softAlignmentLoss} from '../../../src/losses/softclip.js';
import {unitRows} from '../../../src/model/unit-rows.js';
import {dotProducts, type Matrix} from '../../reference/matrix.js';
import {softClipTerms, softTargets} from '../../reference/softclip.js';
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

const counts = {pairs: 5, unpaired: 5, words: 5};
const {images, texts: own, queries: regions, words: tags} = randomFeatures(counts, 10, 81);
const texts = [...own.slice(1), own[0]!];
const targetScale = 1 / 0.07;
const beta = 0.3;

interface Features {
  readonly images: Tensor2D;
  readonly texts: Tensor2D;
  readonly regions: Tensor2D;
  readonly tags: Tensor2D;
}

function termsAt(of: Features, scale: Scalar, kind: DivergenceKind) {
  const logSimilarity = {
    imageToText: logSelfSimilarity(of.regions, targetScale),
    textToImage: logSelfSimilarity(of.tags, targetScale),
  };
  const alignment = {pairs: of, scale, logSimilarity};
  return {
    soft: () => softAlignmentLoss(alignment, beta, kind),
    negatives: () => negativesAlignmentLoss(alignment, kind),
  };
}

describe('the mean entropy of the targets', () => {
  const entropyAt = (scale: number) =>
    inScope(() => {
      const [image, text] = [regions, tags].map((rows) => logSelfSimilarity(tensor(rows), scale));
      return meanTargetEntropy({logSimilarity: {imageToText: image!, textToImage: text!}}, beta).arraySync();
    });

  it.each([2, targetScale, 30])('agrees with float64 loops at scale %d', (scale) => {
    const rows = [regions, tags].flatMap((of) => softTargets(of, scale, beta));
    const entropies = rows.map((row) => row.reduce((sum, p) => sum - p * Math.log(p), 0));
    expectClose(entropyAt(scale), entropies.reduce((sum, each) => sum + each, 0) / entropies.length);
  });

  it('goes to 0 as the targets harden', () => {
    expect(entropyAt(1000)).toBeLessThan(0.02 * entropyAt(2));
  });
});

describe.each(['forward', 'mean', 'sum', 'js'] as const)('with divergence %s', (kind) => {
  describe.each(['soft', 'negatives'] as const)('the %s term', (term) => {
    it.each([1 / 0.07, 50])('agrees with float64 loops at scale %d', (scale) => {
      expectLikeOracle({
        inputs: {images, texts, tau: one(Math.log(scale))},
        loss: (of) => {
          const given = {...of, regions: tensor(regions), tags: tensor(tags)};
          return termsAt(given, scaleFrom(of.tau), kind)[term]();
        },
        oracle: (of) => {
          const given = {images: of.images, texts: of.texts, scale: Math.exp(of.tau[0]![0]!)};
          return softClipTerms({...given, regions, tags, targetScale, beta}, kind)[term];
        },
        tolerance: toleranceAt(scale),
      });
    });

    it('leaves the targets without a gradient', () => {
      const inputs = {images, texts, regions, tags};
      const {gradients} = lossAt(inputs, (of) => termsAt(of, tf.scalar(10), kind)[term]());
      expectZero(gradients.regions);
      expectZero(gradients.tags);
    });

    it('is finite for duplicate and zero rows at scale 100', () => {
      const raw = [
        [0, 0, 0],
        [1, 2, 3],
        [1, 2, 3],
        [-1, 0, 0],
      ];
      const found = lossAt({images: raw, texts: raw}, (of) => {
        const [i, t] = [unitRows(of.images), unitRows(of.texts)];
        return termsAt({images: i, texts: t, regions: i, tags: t}, tf.scalar(100), kind)[term]();
      });
      expectFinite(found);
    });

    it('permuting the items changes nothing', () => {
      const order = [3, 0, 4, 1, 2];
      const moved = (rows: Matrix) => order.map((i) => rows[i]!);
      const inputs = {images, texts, regions, tags};
      const changed = {
        images: moved(images),
        texts: moved(texts),
        regions: moved(regions),
        tags: moved(tags),
      };
      const valueAt = (at: typeof inputs) =>
        lossAt(at, (of) => termsAt(of, tf.scalar(10), kind)[term]()).value;
      expectClose(valueAt(changed), valueAt(inputs));
    });
  });

  it('a single pair has nothing to be compared with', () => {
    const single = {images: images.slice(0, 1), texts: texts.slice(0, 1)};
    for (const term of ['soft', 'negatives'] as const) {
      const {value, gradients} = lossAt(single, (of) => {
        const given = {...of, regions: of.images, tags: of.texts};
        return termsAt(given, tf.scalar(50), kind)[term]();
      });
      expect(Math.abs(value)).toBeLessThan(1e-6);
      expectZero(gradients.images);
    }
  });

  it('two pairs have no relation of negatives', () => {
    const two = {images: images.slice(0, 2), texts: texts.slice(0, 2)};
    const {value, gradients} = lossAt(two, (of) => {
      const given = {...of, regions: of.images, tags: of.texts};
      return termsAt(given, tf.scalar(50), kind).negatives();
    });
    expect(Math.abs(value)).toBeLessThan(1e-6);
    expect(Math.max(...gradients.images.flat().map(Math.abs))).toBeLessThan(1e-6);
  });
});

it('the negatives send no gradient into the similarity of a pair', () => {
  // products with the identity are the cosines themselves
  const cosines = dotProducts(images, texts);
  const {gradients} = lossAt({cosines}, (of) => {
    const eye: Tensor2D = tf.eye(5);
    const given = {images: of.cosines, texts: eye, regions: tensor(regions), tags: tensor(tags)};
    return termsAt(given, tf.scalar(10), 'mean').negatives();
  });
  expectZero([gradients.cosines.map((row, i) => row[i]!)]);
  expect(gradients.cosines.flat().filter((entry) => entry !== 0).length).toBe(20);
});

it('with one-hot targets the forward KL is InfoNCE: the limit of beta 0', () => {
  const small = 1e-6;
  const [soft, plain] = inScope(() => {
    const pairs = {images: tensor(images), texts: tensor(texts)};
    const logSimilarity = {
      imageToText: logSelfSimilarity(tensor(regions), targetScale),
      textToImage: logSelfSimilarity(tensor(tags), targetScale),
    };
    const scale = tf.scalar(10);
    return [
      softAlignmentLoss({pairs, scale, logSimilarity}, small, 'forward').arraySync(),
      contrastiveLoss(pairs, scale).arraySync(),
    ];
  });
  expectClose(soft, plain, {relative: 1e-4, absolute: 1e-4});
});
