import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {beforeAll, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {softCrossEntropy} from '../../../src/losses/soft-cross-entropy.js';
import {softCrossEntropy as reference, softmaxRow} from '../../reference/contrastive.js';
import {scaled} from '../../reference/matrix.js';
import {numericalGradient} from '../../reference/numerical-gradient.js';
import {expectClose} from '../../support/expect-close.js';
import {randomMatrix} from '../../support/random-features.js';
import {gradientsOf, inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

it.each([1, 10, 100])('values and both gradients agree with float64 loops, logits up to %d', (size) => {
  const logits = scaled(randomMatrix(5, 7, 1), size);
  const targets = randomMatrix(5, 7, 2).map(softmaxRow);
  const at = () => [tensor(logits), tensor(targets)] as const;
  const value = inScope(() => softCrossEntropy(...at()).arraySync());
  const [byLogits, byTargets] = gradientsOf((z, p) => softCrossEntropy(z as Tensor2D, p as Tensor2D), at);
  expectClose(value, reference(logits, targets));
  expectClose(
    byLogits!,
    numericalGradient((z) => reference(z, targets), logits),
  );
  expectClose(
    byTargets!,
    numericalGradient((p) => reference(logits, p), targets),
  );
});

it('a row of zeros adds nothing and counts in the mean', () => {
  const [both, alone] = inScope(() => {
    const logits = [
      [1, 2],
      [3, 1],
    ];
    const targets = [
      [1, 0],
      [0, 0],
    ];
    const loss = (rows: number) =>
      softCrossEntropy(tensor(logits.slice(0, rows)), tensor(targets.slice(0, rows))).arraySync();
    return [loss(2), loss(1)];
  });
  expect(both).toBeCloseTo(alone / 2, 6);
});

it('is finite for logits beyond the range of exp', () => {
  expect(inScope(() => softCrossEntropy(tensor([[1e4, -1e4]]), tensor([[0, 1]])).arraySync())).toBe(2e4);
});

it('targets of nothing cost 0', () => {
  expect(inScope(() => softCrossEntropy(tensor([[1, 2]]), tf.zeros([1, 2])).arraySync())).toBe(0);
});
