import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';

/**
 * The `count` places of every row with the lowest draws, the lower index of a tie: as many in each row, and any of them
 * alike.
 * @param draws [n, p], in [0, 1)
 * @returns [n, p], 1 at those places, else 0
 */
export function maskedPlaces(draws: Tensor2D, count: number): Tensor2D {
  const [n, p] = draws.shape;
  const [own, others] = [tf.reshape(draws, [n, p, 1]), tf.reshape(draws, [n, 1, p])];
  const earlier = tf.tensor3d(
    Array.from({length: p * p}, (_, k) => Number(k % p < Math.floor(k / p))),
    [1, p, p],
  );
  const below = tf.cast(tf.less(others, own), 'float32');
  const tied = tf.mul(tf.cast(tf.equal(others, own), 'float32'), earlier);
  const rank = tf.sum<Tensor2D>(tf.add<Tensor3D>(below, tied), 2);
  return tf.step(tf.sub<Tensor2D>(count, rank));
}
