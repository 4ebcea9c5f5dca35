import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {crossModalConsistency, inModalConsistency} from '../../../src/losses/consistency.js';
import {unitRows as unitRowsOf} from '../../../src/model/unit-rows.js';
import type {Matrix} from '../../reference/matrix.js';
import {
  crossModalConsistency as cross,
  inModalConsistency as within,
} from '../../reference/pair-objectives.js';
import {expectClose} from '../../support/expect-close.js';
import {expectFinite, expectLikeOracle, lossAt} from '../../support/loss-oracle.js';
import {randomFeatures} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const {images, texts: own} = randomFeatures({pairs: 6, unpaired: 1, words: 1}, 10, 121);
const texts = [...own.slice(1), own[0]!];

describe.each([
  ['in-modal', inModalConsistency, within],
  ['cross-modal', crossModalConsistency, cross],
] as const)('%s consistency', (_, consistency, reference) => {
  const valueOf = (i: Matrix, t: Matrix, factor?: number) =>
    inScope(() => consistency({images: tensor(i), texts: tensor(t)}, factor).arraySync());

  it('value and gradients agree with float64 loops', () => {
    expectLikeOracle({
      inputs: {images, texts},
      loss: (of) => consistency(of),
      oracle: (of) => reference(of.images, of.texts),
    });
  });

  it('a factor of 1 makes it a plain mean, n times less', () => {
    expectClose(valueOf(images, texts, 1), reference(images, texts) / 6);
    expectClose(valueOf(images, texts, 4), (reference(images, texts) * 4) / 6);
  });

  it('permuting the pairs changes nothing', () => {
    const order = [3, 0, 5, 1, 4, 2];
    const moved = (rows: Matrix) => order.map((i) => rows[i]!);
    expectClose(valueOf(moved(images), moved(texts)), valueOf(images, texts));
  });

  it('is 0 when texts equal images, and for a single pair of unit rows', () => {
    expectClose(valueOf(images, images), 0);
    expectClose(valueOf([[0.6, 0.8]], [[0.6, -0.8]]), 0);
  });

  it('is finite for duplicate and zero rows', () => {
    const raw = [
      [0, 0, 0],
      [1, 2, 3],
      [1, 2, 3],
    ];
    expectFinite(
      lossAt({images: raw, texts: raw}, (of) =>
        consistency({images: unitRowsOf(of.images), texts: unitRowsOf(of.texts)}),
      ),
    );
  });
});

it('the in-modal term stays when texts are rotated against the images, the cross-modal one does not', () => {
  const turned = (rows: Matrix) =>
    rows.map(([x, y, ...rest]) => [0.6 * x! - 0.8 * y!, 0.8 * x! + 0.6 * y!, ...rest]);
  const valuesOf = (t: Matrix) =>
    inScope(() => {
      const pairs = {images: tensor(images), texts: tensor(t)};
      return [inModalConsistency(pairs).arraySync(), crossModalConsistency(pairs).arraySync()] as const;
    });
  const [[within0, cross0], [within1, cross1]] = [valuesOf(texts), valuesOf(turned(texts))];
  expectClose(within1, within0);
  expect(Math.abs(cross1 - cross0)).toBeGreaterThan(0.01);
});

it('the cross-modal term is 0 where the cosines are symmetric', () => {
  const symmetric = [
    [1, 0.2, 0.3],
    [0.2, 1, 0.1],
    [0.3, 0.1, 1],
  ];
  const value = inScope(() =>
    crossModalConsistency({images: tensor(symmetric), texts: tf.eye(3)}).arraySync(),
  );
  expect(value).toBe(0);
});
