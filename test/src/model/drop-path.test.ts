import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {uniform} from '../../../src/engine/random.js';
import {pathFactors} from '../../../src/model/drop-path.js';
import {expectClose} from '../../support/expect-close.js';
import {inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const factorsOf = (draws: number[][], top: number) =>
  inScope(() => pathFactors(tensor(draws), top).arraySync());

describe('pathFactors', () => {
  it('drops a branch where the draw is below the rate of its block, and makes up for it where not', () => {
    // three blocks at rates 0, 0.2 and 0.4, two branches each
    const draws = [
      [0, 0.5, 0.19, 0.2, 0.39, 0.41],
      [0.9, 0, 0.25, 0.1, 0.4, 0.05],
    ];
    expectClose(factorsOf(draws, 0.4), [
      [1, 1, 0, 1 / 0.8, 0, 1 / 0.6],
      [1, 1, 1 / 0.8, 0, 1 / 0.6, 0],
    ]);
  });

  it('drops nothing at rate 0, and never a first block', () => {
    expect(factorsOf([[0, 0, 0, 0]], 0)).toEqual([[1, 1, 1, 1]]);
    expect(factorsOf([[0, 0]], 0.9)).toEqual([[1, 1]]);
  });

  it('keeps the mean of a branch over many draws', () => {
    const draws = Array.from({length: 4000}, (_, i) => [0, 1, 2, 3].map((j) => uniform(31, i, j)));
    const means = inScope(() => tf.mean<tf.Tensor1D>(pathFactors(tensor(draws), 0.3), 0).arraySync());
    // the deviation of a mean of 4000 is 0.01
    for (const mean of means) expect(Math.abs(mean - 1)).toBeLessThan(0.04);
  });
});
