import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {beforeAll, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {emaUpdate} from '../../../src/model/ema-update.js';
import {BugError} from '../../../src/support/errors.js';
import {expectClose} from '../../support/expect-close.js';
import {expectZero, lossAt} from '../../support/loss-oracle.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

it('after k steps towards a student that stands still it is the closed form', () => {
  const [momentum, k] = [0.9, 20];
  const found = inScope(() => {
    const student = {a: tf.scalar(3), b: tensor([[1, -1]])};
    let teacher: Record<string, Tensor> = {a: tf.scalar(1), b: tensor([[0, 0]])};
    for (let step = 0; step < k; step++) teacher = emaUpdate(teacher, student, momentum);
    return {a: teacher['a']!.arraySync() as number, b: teacher['b']!.arraySync() as number[][]};
  });
  const left = momentum ** k;
  expectClose(found.a, 3 + (1 - 3) * left);
  expectClose(found.b, [[1 - left, -1 + left]]);
});

it('momentum 0 copies the student, momentum 1 keeps the teacher', () => {
  const at = (momentum: number) =>
    inScope(() => emaUpdate({w: tf.scalar(1)}, {w: tf.scalar(5)}, momentum)['w']!.arraySync());
  expect(at(0)).toBe(5);
  expect(at(1)).toBe(1);
});

it('is a constant for the student', () => {
  const {gradients} = lossAt({w: [[1, 2]]}, ({w}) =>
    tf.sum(tf.square(emaUpdate({w: tensor([[0, 0]])}, {w}, 0.5)['w']!)),
  );
  expectZero(gradients.w);
});

it('follows the tensors of the teacher alone, and refuses a student without one of them', () => {
  const next = inScope(() =>
    Object.keys(emaUpdate({a: tf.scalar(1)}, {a: tf.scalar(1), b: tf.scalar(1)}, 0.5)),
  );
  expect(next).toEqual(['a']);
  expect(() => inScope(() => emaUpdate({a: tf.scalar(1)}, {}, 0.5))).toThrow(
    new BugError('emaUpdate: expected a in the student, got none'),
  );
});
