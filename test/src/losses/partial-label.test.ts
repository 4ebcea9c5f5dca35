import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {
  candidateSets,
  keywordTargets,
  ratioTargets,
  softmaxTargets,
} from '../../../src/losses/partial-label.js';
import {softCrossEntropy} from '../../../src/losses/soft-cross-entropy.js';
import {keywordTargets as reference} from '../../reference/partial-label.js';
import {captionPlan} from '../../reference/s-clip.js';
import {expectClose} from '../../support/expect-close.js';
import {randomFeatures} from '../../support/random-features.js';
import {gradientsOf, inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const compute = (make: () => Tensor2D): number[][] => inScope(() => make().arraySync());

describe.each(['ratio', 'softmax'] as const)('targets by %s', (share) => {
  it.each([10, 1 / 0.07, 100])('agree with float64 loops at scale %d', (scale) => {
    const inputs = randomFeatures({pairs: 8, unpaired: 12, words: 6}, scale, 21);
    const plan = captionPlan(inputs, {transport: 'ot', assign: 'image'});
    const expected = reference({...inputs, plan, share});
    const counts = new Set(expected.map((row) => Math.min(2, row.filter((target) => target !== 0).length)));
    expect([...counts].sort(), 'rows with none, one and several candidates').toEqual([0, 1, 2]);
    const targets = compute(() => {
      const candidates = candidateSets(tensor(plan), tensor(inputs.labels));
      const [queries, words] = [tensor(inputs.queries), tensor(inputs.words)];
      return keywordTargets({queries, words, scale: tf.scalar(scale), candidates}, share);
    });
    expectClose(targets, expected);
  });

  it('are constants for the gradient', () => {
    const {queries, words} = randomFeatures({pairs: 2, unpaired: 3, words: 4}, 10, 22);
    const gradients = gradientsOf(
      (q, w, scale) => {
        const candidates = tf.ones<tf.Rank.R2>([3, 4]);
        const inputs = {queries: q as Tensor2D, words: w as Tensor2D, scale: scale as Scalar, candidates};
        const value = tf.sum(tf.mul(keywordTargets(inputs, share), [[1, 2, 3, 4]]));
        return tf.add<Scalar>(value, tf.mul(scale, 0)); // the ratio does not read the scale at all
      },
      () => [tensor(queries), tensor(words), tf.scalar(10)],
    );
    for (const gradient of gradients) expect([gradient].flat(2).every((entry) => entry === 0)).toBe(true);
  });
});

it('the candidates are the keywords of the caption at the arg-max, the first of a tie', () => {
  const candidates = compute(() =>
    candidateSets(
      tensor([
        [0.2, 0.8],
        [0.5, 0.5],
      ]),
      tensor([
        [1, 0, 1],
        [0, 1, 0],
      ]),
    ),
  );
  expect(candidates).toEqual([
    [0, 1, 0],
    [1, 0, 1],
  ]);
});

const candidates = [
  [0, 0, 0],
  [0, 1, 0],
  [1, 1, 0],
];

it('by ratio: none gives zeros, one gives 1 even at cosine 0, mixed signs leave [0, 1] as published', () => {
  const cosines = [
    [0.5, 0.5, 0.5],
    [0.5, 0, 0.5],
    [0.9, -0.3, 0.5],
  ];
  const targets = compute(() => ratioTargets(tensor(cosines), tensor(candidates)));
  expectClose(targets, [
    [0, 0, 0],
    [0, 1, 0],
    [1.5, -0.5, 0],
  ]);
});

it('by ratio: cosines that sum to 0 share evenly instead of dividing by 0', () => {
  const targets = compute(() =>
    ratioTargets(
      tensor([
        [0.25, -0.25, 0.7],
        [0, 0, 0],
      ]),
      tensor([
        [1, 1, 0],
        [1, 1, 1],
      ]),
    ),
  );
  expectClose(targets, [
    [0.5, 0.5, 0],
    [1 / 3, 1 / 3, 1 / 3],
  ]);
});

it('by softmax: none gives zeros, one gives 1, others are exactly 0 even when their logit is far higher', () => {
  const logits = [
    [50, 50, 50],
    [-100, -100, 100],
    [-100, -99, 100],
  ];
  const targets = compute(() => softmaxTargets(tensor(logits), tensor(candidates)));
  expectClose(targets, [
    [0, 0, 0],
    [0, 1, 0],
    [1 / (1 + Math.E), Math.E / (1 + Math.E), 0],
  ]);
  expect(targets.map((row) => row[2])).toEqual([0, 0, 0]);
});

it('captions without keywords make the keyword loss 0', () => {
  inScope(() => {
    const inputs = randomFeatures({pairs: 3, unpaired: 4, words: 5}, 100, 23);
    const [q, w] = [tensor(inputs.queries), tensor(inputs.words)];
    const plan = tensor(captionPlan(inputs, {transport: 'soft', assign: 'image'}));
    const none = candidateSets(plan, tf.zeros([3, 5]));
    for (const share of ['ratio', 'softmax'] as const) {
      const targets = keywordTargets({queries: q, words: w, scale: tf.scalar(100), candidates: none}, share);
      const logits: Tensor2D = tf.mul(100, tf.matMul(q, w, false, true));
      expect(softCrossEntropy(logits, targets).arraySync()).toBe(0);
    }
  });
});
