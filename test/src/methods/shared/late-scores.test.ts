import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../../src/engine/backend.js';
import {uniform} from '../../../../src/engine/random.js';
import type {HostArray} from '../../../../src/engine/step.js';
import {lateScores} from '../../../../src/methods/shared/late-scores.js';
import {expectClose} from '../../../support/expect-close.js';

beforeAll(async () => {
  await startEngine('auto');
});

/** Rows of unit length. */
function tokens(n: number, t: number, d: number, stream: number): HostArray {
  const data = Float32Array.from({length: n * t * d}, (_, i) => uniform(5, stream, i) * 2 - 1);
  for (let row = 0; row < n * t; row++) {
    const own = data.subarray(row * d, (row + 1) * d);
    const length = Math.hypot(...own);
    own.forEach((value, k) => (own[k] = value / length));
  }
  return {shape: [n, t, d], data};
}

const [n, p, m, t, d] = [5, 4, 3, 6, 8];
const given = {images: tokens(n, p, d, 0), texts: tokens(m, t, d, 1), lengths: [6, 1, 3]};

function cosine(image: number, patch: number, text: number, word: number): number {
  let sum = 0;
  for (let k = 0; k < d; k++) {
    sum += given.images.data[(image * p + patch) * d + k]! * given.texts.data[(text * t + word) * d + k]!;
  }
  return sum;
}

const range = (count: number) => Array.from({length: count}, (_, i) => i);
const mean = (values: readonly number[]) => values.reduce((a, b) => a + b) / values.length;

describe('lateScores', () => {
  it('are means over the tokens of one side of the largest cosine with the other, padding left out', () => {
    const {imageToText, textToImage} = lateScores(given);
    const words = (text: number) => range(given.lengths[text]!);
    const forward = range(n).flatMap((i) =>
      range(m).map((j) => mean(range(p).map((a) => Math.max(...words(j).map((w) => cosine(i, a, j, w)))))),
    );
    const backward = range(m).flatMap((j) =>
      range(n).map((i) => mean(words(j).map((w) => Math.max(...range(p).map((a) => cosine(i, a, j, w)))))),
    );
    expectClose([...imageToText], forward);
    expectClose([...textToImage], backward);
  });

  it('are the same in blocks, and leave no tensor behind', () => {
    const before = tf.memory().numTensors;
    const whole = lateScores(given);
    const blocks = lateScores(given, p * t);
    expect(blocks).toEqual(whole);
    expect(tf.memory().numTensors).toBe(before);
  });
});
