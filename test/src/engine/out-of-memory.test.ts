import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {explainMemory} from '../../../src/engine/out-of-memory.js';
import {train} from '../../../src/engine/trainer.js';
import {exitCodes, UserError} from '../../../src/support/errors.js';

describe('a step that finds no room', () => {
  beforeAll(() => startEngine('tensorflow'));

  test('ends the training with the exit code for it, the step, and what TensorFlow said', async () => {
    // 2^42 numbers: 16 TiB
    const run = () => {
      tf.tidy(() => tf.matMul(tf.zeros([2 ** 21, 1]), tf.zeros([1, 2 ** 21])).dataSync());
      throw new Error('expected no room, got some');
    };
    const records = train({
      compiled: {run},
      from: 4,
      steps: 5,
      batches: () => Promise.resolve({}),
      scalars: () => ({}),
      stopRequested: () => false,
    });
    const error = await records.next().then(
      () => undefined,
      (thrown: unknown) => thrown as UserError,
    );
    expect(error).toBeInstanceOf(UserError);
    expect(error).toMatchObject({exit: exitCodes.outOfMemory, tryThis: 'a smaller --batch'});
    expect(error!.message).toMatch(
      /^step 5: expected it to fit into memory, got: OOM when allocating tensor with shape\[2097152,2097152\]/,
    );
  });

  test('other errors stay as they are', () => {
    const others = [
      new Error('ROOM 5: expected a door'),
      new UserError('step 2: expected a finite loss, got NaN', {exit: exitCodes.numerical}),
      'no error at all',
    ];
    for (const other of others) expect(explainMemory(other, 1)).toBe(other);
  });
});
