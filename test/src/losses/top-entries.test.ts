import type {Tensor2D} from '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, it} from 'vitest';
import {topEntries} from '../../../src/losses/top-entries.js';
import {BugError} from '../../../src/support/errors.js';
import type {Matrix} from '../../reference/matrix.js';
import {onEveryEngine} from '../../support/engines.js';
import {expectZero, lossAt} from '../../support/loss-oracle.js';
import {randomMatrix} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';

const indicesOf = (scores: Matrix, k: number): number[][] =>
  inScope(() => {
    const picked = topEntries(tensor(scores), k).arraySync();
    for (const row of picked.flat()) {
      expect([...row].sort((a, b) => b - a)).toEqual(row.map((_, i) => (i === 0 ? 1 : 0)));
    }
    return picked.map((rows) => rows.map((row) => row.indexOf(1)));
  });

describe('topEntries', () => {
  onEveryEngine(() => {
    it('picks the largest in descending order, as sorting does', () => {
      const scores = randomMatrix(7, 11, 5);
      const sorted = scores.map((row) =>
        row.map((score, i) => ({score, i})).sort((a, b) => b.score - a.score || a.i - b.i),
      );
      for (const k of [1, 4, 11]) {
        expect(indicesOf(scores, k)).toEqual(sorted.map((row) => row.slice(0, k).map(({i}) => i)));
      }
    });

    it('gives a tie to the lower index, and leaves masked entries for last', () => {
      expect(indicesOf([[2, 5, 5, -1e9, 2, -1e9]], 6)).toEqual([[1, 2, 0, 4, 3, 5]]);
    });
  });

  it('is a constant for the gradient', () => {
    const {gradients} = lossAt({scores: randomMatrix(2, 4, 6)}, ({scores}) =>
      tf.sum(tf.mul(tf.sum<Tensor2D>(topEntries(scores, 2), 1), [1, 2, 3, 4])),
    );
    expectZero(gradients.scores);
  });

  it.each([0, 4, 1.5])('refuses k = %d of 3 entries', (k) => {
    expect(() => inScope(() => topEntries(tf.zeros([2, 3]), k))).toThrow(
      new BugError(`topEntries: expected k from 1 to 3, got ${k}`),
    );
  });
});
