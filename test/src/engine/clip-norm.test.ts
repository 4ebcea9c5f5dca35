import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {clipFactor, gradientNorm} from '../../../src/engine/clip-norm.js';
import {onEveryEngine} from '../../support/engines.js';

onEveryEngine(() => {
  test('the norm is taken over all gradients together', () => {
    tf.tidy(() => {
      const gradients = [
        tf.tensor2d([
          [3, 0],
          [0, 4],
        ]),
        tf.scalar(12),
        tf.zeros([2, 1, 1]),
      ];
      expect(gradientNorm(gradients).dataSync()[0]).toBeCloseTo(13, 5);
      expect(gradientNorm([tf.scalar(-2)]).dataSync()[0]).toBe(2);
    });
  });

  test('the factor brings a longer norm down to the limit and leaves a shorter one alone', () => {
    tf.tidy(() => {
      const factor = (norm: number, limit: number) => clipFactor(tf.scalar(norm), limit).dataSync()[0];
      expect(factor(10, 2)).toBeCloseTo(0.2, 6);
      expect(factor(1, 2)).toBe(1);
      expect(factor(0, 2)).toBe(1);
      // PyTorch's 1e-6 keeps the limit itself just below 1
      expect(factor(1e-6, 1e-6)).toBeCloseTo(0.5, 6);
    });
  });
});
