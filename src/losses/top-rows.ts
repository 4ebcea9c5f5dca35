import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import {constant} from './constant.js';

/**
 * The `count` rows with the highest scores, in descending order, the lower index of a tie: one-hot rows that pick them by
 * a product. Constants.
 * @param scores [n]
 * @param count from 1 to n
 * @returns [count, n]
 */
export function topRows(scores: Tensor1D, count: number): Tensor2D {
  return constant(() => {
    const n = scores.shape[0];
    const [own, others] = [tf.reshape(scores, [n, 1]), tf.reshape(scores, [1, n])];
    const earlier = tf.tensor2d(
      Array.from({length: n * n}, (_, k) => Number(k % n < Math.floor(k / n))),
      [n, n],
    );
    const above = tf.cast(tf.greater<Tensor2D>(others, own), 'float32');
    const tied = tf.mul(tf.cast(tf.equal<Tensor2D>(others, own), 'float32'), earlier);
    const ranks = tf.reshape(tf.sum(tf.add(above, tied), 1), [1, n]);
    const wanted = tf.tensor2d(
      Array.from({length: count}, (_, rank) => rank),
      [count, 1],
    );
    return tf.cast(tf.equal<Tensor2D>(ranks, wanted), 'float32');
  });
}
