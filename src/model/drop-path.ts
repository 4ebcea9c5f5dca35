import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {dropPathRates} from './depth-schedule.js';

/**
 * Stochastic depth (Huang et al. 2016, arXiv:1603.09382): what the branches of a transformer's blocks are multiplied by,
 * 0 where one is dropped and 1 / (1 - rate) where it is kept. Rates grow from 0 in the first block to `top` in the last.
 * @param draws [n, 2 * layers], in [0, 1): attention and MLP of the first block, of the second, ...
 * @param top in [0, 1)
 * @returns [n, 2 * layers]
 */
export function pathFactors(draws: Tensor2D, top: number): Tensor2D {
  const rates = dropPathRates(draws.shape[1] / 2, top).flatMap((rate) => [rate, rate]);
  const kept = tf.sub(1, tf.step(tf.sub(tf.tensor1d(rates), draws))); // at rate 0 all are, whatever is drawn
  return tf.mul(kept, tf.tensor1d(rates.map((rate) => 1 / (1 - rate))));
}
