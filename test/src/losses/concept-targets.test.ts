import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {conceptTargets, pseudoConcepts} from '../../../src/losses/concept-targets.js';
import {softCrossEntropy} from '../../../src/losses/soft-cross-entropy.js';
import {expectClose} from '../../support/expect-close.js';
import {expectZero, lossAt} from '../../support/loss-oracle.js';
import {randomMatrix} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

it('the concepts of a caption share it evenly, and a caption without any has none', () => {
  const targets = inScope(() =>
    conceptTargets(
      tensor([
        [1, 0, 1, 0],
        [0, 0, 0, 1],
        [0, 0, 0, 0],
      ]),
    ).arraySync(),
  );
  expectClose(targets, [
    [0.5, 0, 0.5, 0],
    [0, 0, 0, 1],
    [0, 0, 0, 0],
  ]);
});

it('pseudo-concepts are the k best by sorting, each 1/k', () => {
  const scores = randomMatrix(5, 8, 191);
  for (const k of [1, 3, 8]) {
    const expected = scores.map((row) => {
      const least = [...row].sort((a, b) => b - a)[k - 1]!;
      return row.map((score) => (score >= least ? 1 / k : 0));
    });
    expectClose(
      inScope(() => pseudoConcepts(tensor(scores), k).arraySync()),
      expected,
    );
  }
});

it('equal scores go to the first concepts', () => {
  expectClose(
    inScope(() => pseudoConcepts(tensor([[1, 1, 1, 1]]), 3).arraySync()),
    [[1 / 3, 1 / 3, 1 / 3, 0]],
  );
});

it('the weak view learns nothing from them, the strong view does', () => {
  const {gradients} = lossAt({weak: randomMatrix(3, 6, 192), strong: randomMatrix(3, 6, 193)}, (of) =>
    softCrossEntropy(of.strong, pseudoConcepts(of.weak, 3)),
  );
  expectZero(gradients.weak);
  expect(gradients.strong.flat().every((entry) => entry !== 0)).toBe(true);
});

it('a caption without concepts adds nothing and counts in the mean', () => {
  const loss = (multiHot: number[][]) =>
    inScope(() =>
      softCrossEntropy(tf.zeros([multiHot.length, 4]), conceptTargets(tensor(multiHot))).arraySync(),
    );
  expectClose(
    loss([
      [1, 0, 0, 0],
      [0, 0, 0, 0],
    ]),
    Math.log(4) / 2,
  );
});
