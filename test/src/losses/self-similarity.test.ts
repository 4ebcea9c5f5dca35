import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {
  logSelfSimilarity,
  logSoftmaxOfNegatives,
  logSoftTargets,
} from '../../../src/losses/self-similarity.js';
import {unitRows} from '../../reference/matrix.js';
import {negativesOnly, softmaxRows, softTargets} from '../../reference/softclip.js';
import {expectClose} from '../../support/expect-close.js';
import {expectZero, lossAt} from '../../support/loss-oracle.js';
import {randomFeatures, randomMatrix} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const {images} = randomFeatures({pairs: 6, unpaired: 1, words: 1}, 10, 71);

describe.each([1 / 0.07, 100])('soft targets at scale %d', (scale) => {
  it.each([0.1, 0.3, 1])('agree with float64 loops, beta %d', (beta) => {
    const rows = inScope(() =>
      tf.exp<tf.Tensor2D>(logSoftTargets(logSelfSimilarity(tensor(images), scale), beta)).arraySync(),
    );
    expectClose(rows, softTargets(images, scale, beta));
  });

  it('are constants, by the rows and by the scale', () => {
    const {gradients} = lossAt({images, scale: [[scale]]}, (of) => {
      const similarity = logSelfSimilarity(of.images, tf.reshape<tf.Rank.R0>(of.scale, []));
      return tf.sum(tf.mul(logSoftTargets(similarity, 0.3), randomMatrix(6, 6, 1)));
    });
    expectZero(gradients.images);
    expectZero(gradients.scale);
  });
});

it('a target that underflows has a finite logarithm', () => {
  const rows = unitRows([
    [1, 0],
    [-1, 0.001],
    [0, 1],
  ]);
  const logs = inScope(() => logSoftTargets(logSelfSimilarity(tensor(rows), 1000), 0.3).arraySync());
  expect(logs.flat().every(Number.isFinite)).toBe(true);
  expect(Math.min(...logs.flat())).toBeLessThan(-1900); // exp of it is 0 in float32
});

it('similar images share more of each other than unrelated ones', () => {
  const rows = unitRows([
    [1, 0, 0],
    [0.99, 0.1, 0],
    [0, 0, 1],
  ]);
  const [[, similar, unrelated]] = inScope(() => logSelfSimilarity(tensor(rows), 14).arraySync()) as [
    [number, number, number],
  ];
  expect(similar).toBeGreaterThan(unrelated + 10);
});

it('without its diagonal a row is renormalised over the others, of logits and of logarithms alike', () => {
  const logits = randomMatrix(5, 5, 2).map((row) => row.map((value) => 10 * value));
  const expected = negativesOnly(softmaxRows(logits));
  const [fromLogits, fromLogs] = inScope(() => {
    const raw = tensor(logits);
    return [raw, tf.logSoftmax(raw)].map((rows) =>
      tf.exp<tf.Tensor2D>(logSoftmaxOfNegatives(rows)).arraySync(),
    );
  }) as [number[][], number[][]];
  for (const rows of [fromLogits, fromLogs]) {
    expect(rows.map((row, i) => row[i])).toEqual([0, 0, 0, 0, 0]);
    expectClose(
      rows.map((row, i) => row.filter((_, j) => j !== i)),
      expected,
    );
  }
});

it('without its diagonal a row sends it no gradient', () => {
  const {gradients} = lossAt({logits: randomMatrix(4, 4, 3)}, ({logits}) =>
    tf.sum(tf.mul(tf.exp(logSoftmaxOfNegatives(logits)), randomMatrix(4, 4, 4))),
  );
  expectZero([gradients.logits.map((row, i) => row[i]!)]);
  expect(gradients.logits.flat().filter((entry) => entry !== 0).length).toBe(12);
});
