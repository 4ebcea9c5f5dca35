import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {stopGradient} from '../../../src/engine/stop-gradient.js';
import {onEveryEngine} from '../../support/engines.js';

onEveryEngine(() => {
  test('keeps the values and is constant for the gradient', () => {
    tf.tidy(() => {
      const x = tf.tensor1d([1, -2, 3]);
      expect([...stopGradient(x).dataSync()]).toEqual([1, -2, 3]);
      // d/dx of x . stop(x) is stop(x), not 2 x
      const gradient = tf.grad((y) => tf.sum(tf.mul(y, stopGradient(y))))(x);
      expect([...gradient.dataSync()]).toEqual([1, -2, 3]);
    });
  });

  test('what reaches the result only through it has a gradient of zeros', () => {
    tf.tidy(() => {
      const gradient = tf.grad((y) => tf.sum(stopGradient(tf.square(y))))(tf.tensor1d([1, 2]));
      expect([...gradient.dataSync()]).toEqual([0, 0]);
    });
  });
});
