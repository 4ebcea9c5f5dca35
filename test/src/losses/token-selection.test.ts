import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {lateInteraction} from '../../../src/losses/late-interaction.js';
import {keepTokens, tokenScores} from '../../../src/losses/token-selection.js';
import {bestMatches, keptIndices} from '../../reference/late-interaction.js';
import {unitRows, type Matrix} from '../../reference/matrix.js';
import {expectClose} from '../../support/expect-close.js';
import {expectZero, lossAt} from '../../support/loss-oracle.js';
import {randomMatrix} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const [n, t, d] = [3, 10, 4];
const rows = unitRows(randomMatrix(n * t, d, 101));
const others = unitRows(randomMatrix(2 * 5, d, 102));
const lengths = [10, 7, 1];
const mask = lengths.map((length) => Array.from({length: t}, (_, r) => (r < length ? 1 : 0)));
const otherMask = [
  [1, 1, 1, 1, 1],
  [1, 1, 0, 0, 0],
];

const items = (of: Tensor2D, count: number): Tensor3D =>
  tf.reshape(of, [of.shape[0] / count, count, of.shape[1]]);

/** Ones, then zeros. */
const onesOf = (length: number, ones: number) => Array.from({length}, (_, i) => (i < ones ? 1 : 0));

/** Kept rows [n][k][d] that count, as indices into their item. */
function indicesOf(kept: {tokens: Tensor3D; mask: Tensor2D}): number[][] {
  const counts = kept.mask.arraySync();
  return kept.tokens
    .arraySync()
    .map((tokens, i) =>
      tokens
        .filter((_, rank) => counts[i]![rank] === 1)
        .map((token) =>
          rows
            .slice(i * t, (i + 1) * t)
            .findIndex((row) => row.every((x, j) => Math.abs(x - token[j]!) < 1e-6)),
        ),
    );
}

const keptOf = (scores: Matrix, fraction: number): number[][] =>
  inScope(() =>
    indicesOf(keepTokens({tokens: items(tensor(rows), t), mask: tensor(mask)}, tensor(scores), fraction)),
  );

describe('tokenScores', () => {
  it('are the best matches in the whole batch, by loops', () => {
    const scores = inScope(() =>
      tokenScores(items(tensor(rows), t), {
        tokens: items(tensor(others), 5),
        mask: tensor(otherMask),
      }).arraySync(),
    );
    expectClose(scores, bestMatches({rows, count: t}, {rows: others, count: 5}, otherMask));
  });

  it('are constants for the gradient', () => {
    const {gradients} = lossAt({rows, others}, (of) => {
      const given = {tokens: items(of.others, 5), mask: tensor(otherMask)};
      return tf.sum(tokenScores(items(of.rows, t), given));
    });
    expectZero(gradients.rows);
    expectZero(gradients.others);
  });
});

describe('keepTokens', () => {
  const scores = randomMatrix(n, t, 103);

  it.each([0.1, 0.25, 0.3, 0.5, 0.7, 1])(
    'keeps the fraction %d of the tokens that count, rounded up',
    (fraction) => {
      expect(keptOf(scores, fraction)).toEqual(keptIndices(scores, mask, fraction));
    },
  );

  // 0.28 * 25 is 7.000000000000001 in float64, 0.6 * 25 is 15.000001 in float32
  it.each([
    [0.28, 7],
    [0.6, 15],
  ])('keeps no token more for the rounding of %d * 25', (fraction, count) => {
    const counted = inScope(() => {
      const given = {tokens: tf.zeros<tf.Rank.R3>([1, 50, d]), mask: tensor([onesOf(50, 25)])};
      return keepTokens(given, tensor([onesOf(50, 50)]), fraction).mask.arraySync();
    });
    expect(counted[0]!.filter((entry) => entry === 1)).toHaveLength(count);
    const whole = inScope(() => {
      const given = {tokens: tf.zeros<tf.Rank.R3>([1, 25, d]), mask: tf.ones<tf.Rank.R2>([1, 25])};
      return keepTokens(given, tensor([onesOf(25, 25)]), fraction).tokens.shape;
    });
    expect(whole).toEqual([1, count, d]);
  });

  it('gives a tie to the lower index and never keeps padding, however it scores', () => {
    const tied = mask.map((row) => row.map((counts) => (counts === 1 ? 0.5 : 1000)));
    expect(keptOf(tied, 0.5)).toEqual([[0, 1, 2, 3, 4], [0, 1, 2, 3], [0]]);
  });

  it('at fraction 1 late interaction is what it is without a selection', () => {
    const [all, kept] = inScope(() => {
      const tokens = items(tensor(rows), t);
      const images = items(tensor(others), 5);
      const selected = keepTokens({tokens, mask: tensor(mask)}, tensor(scores), 1);
      const of = (texts: Tensor3D, textMask: Tensor2D) =>
        lateInteraction({images, texts, textMask}).imageToText.arraySync();
      return [of(tokens, tensor(mask)), of(selected.tokens, selected.mask)];
    });
    expectClose(kept, all);
  });

  it('gradients reach the tokens that are kept and no others, and not the scores', () => {
    const {gradients} = lossAt({rows, scores}, (of) => {
      const {tokens} = keepTokens({tokens: items(of.rows, t), mask: tf.ones([n, t])}, of.scores, 0.3);
      return tf.sum(tokens);
    });
    const kept = keptIndices(
      scores,
      mask.map((row) => row.map(() => 1)),
      0.3,
    );
    gradients.rows.forEach((row, r) => {
      const isKept = kept[Math.floor(r / t)]!.includes(r % t);
      expect(row).toEqual(row.map(() => (isKept ? 1 : 0)));
    });
    expectZero(gradients.scores);
  });
});
