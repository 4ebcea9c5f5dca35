import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {topRows} from '../../../src/losses/top-rows.js';
import {randomMatrix} from '../../support/random-features.js';
import {inScope} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const picked = (scores: readonly number[], count: number) =>
  inScope(() =>
    topRows(tf.tensor1d([...scores]), count)
      .arraySync()
      .map((row) => {
        expect(row.reduce((sum, value) => sum + value, 0)).toBe(1);
        return row.indexOf(1);
      }),
  );

describe('topRows', () => {
  it('picks the highest, in descending order', () => {
    expect(picked([0.2, -1, 0.9, 0.5], 2)).toEqual([2, 3]);
    expect(picked([0.2, -1, 0.9, 0.5], 4)).toEqual([2, 3, 0, 1]);
  });

  it('picks the first of equal ones', () => {
    expect(picked([1, 3, 3, 1, 3], 4)).toEqual([1, 2, 4, 0]);
  });

  it('picks what sorting picks', () => {
    const scores = randomMatrix(1, 64, 501)[0]!;
    const sorted = scores.map((_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
    expect(picked(scores, 19)).toEqual(sorted.slice(0, 19));
  });

  it('has no gradient', () => {
    const gradient = inScope(() =>
      tf
        .grad((x) => tf.add(tf.sum(tf.mul(topRows(x as tf.Tensor1D, 1), 3)), tf.mul(0, tf.sum(x))))(
          tf.tensor1d([1, 2]),
        )
        .arraySync(),
    );
    expect(gradient).toEqual([0, 0]);
  });
});
