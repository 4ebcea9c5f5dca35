import * as tf from '@tensorflow/tfjs-core';
import type {Tensor, Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import type {HostArrays, Tensors} from '../../engine/step.js';
import {constant} from '../../losses/constant.js';
import type {FeatureBank} from '../../losses/nearest-neighbour.js';
import type {OriginBatch} from '../contract/method.js';

/** What is where no caption has come yet. */
const none = -1;

/** An empty bank of k captions of d numbers, with the numbers of their images and their own. */
export function emptyBank(k: number, d: number): HostArrays {
  const unknown = {shape: [k], data: new Float32Array(k).fill(none)};
  return {
    'bank.rows': {shape: [k, d], data: new Float32Array(k * d)},
    'bank.images': unknown,
    'bank.captions': {...unknown, data: unknown.data.slice()},
  };
}

/**
 * The bank as each of n pairs may use it: without empty places, captions of its own image, and its own caption, whichever
 * image that came with.
 */
export function bankFor({images, captions}: OriginBatch, state: Tensors): FeatureBank {
  const excluded = constant(() => {
    const held = ['bank.images', 'bank.captions'].map((name) => tf.reshape(state[name]!, [1, -1]));
    const own = [images, captions].map((numbers) => tf.reshape(tf.cast(numbers, 'float32'), [-1, 1]));
    const same = held.map((row, i) => tf.cast(tf.equal(own[i]!, row), 'float32')); // [n, k] each
    const empty = tf.cast(tf.equal(held[0]!, none), 'float32'); // [1, k]
    return tf.minimum<Tensor2D>(1, tf.add(tf.add(same[0]!, same[1]!), empty));
  });
  return {rows: state['bank.rows'] as Tensor2D, excluded};
}

/** The bank with the captions of a batch in front; what no longer fits was the oldest. */
export function nextBank(
  texts: () => Tensor2D,
  {images, captions}: OriginBatch,
  state: Tensors,
): Record<string, () => Tensor> {
  const pushed = <T extends Tensor>(name: string, rows: () => T) => ({
    [name]: () =>
      constant(() => {
        const held = state[name] as T;
        const [k, ...rest] = held.shape;
        return tf.slice<tf.Rank, T>(tf.concat<T>([rows(), held], 0), 0, [k, ...rest]);
      }),
  });
  return {
    ...pushed('bank.rows', texts),
    ...pushed('bank.images', () => tf.cast<Tensor1D>(images, 'float32')),
    ...pushed('bank.captions', () => tf.cast<Tensor1D>(captions, 'float32')),
  };
}
