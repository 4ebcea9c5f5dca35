import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import {BugError} from '../support/errors.js';
import {hardAssignment} from './assignment.js';
import {constant} from './constant.js';

/** Below every score, even below what a mask of -1e9 leaves of one. */
const taken = -1e30;

/**
 * The k largest entries of every row as one-hot rows, in descending order; the lower index wins a tie. Constants.
 * By k rounds of arg-max, since wasm and captured graphs lack a top-k: for small k.
 * @param scores [n, c]
 * @returns [n, k, c] of 0 and 1
 * @throws BugError when k is not a whole number of [1, c]
 */
export function topEntries(scores: Tensor2D, k: number): Tensor3D {
  if (!(Number.isInteger(k) && k >= 1 && k <= scores.shape[1])) {
    throw new BugError(`topEntries: expected k from 1 to ${scores.shape[1]}, got ${k}`);
  }
  return constant(() => {
    const picked: Tensor2D[] = [];
    let left = scores;
    for (let rank = 0; rank < k; rank++) {
      const top = hardAssignment(left); // [n, c]
      picked.push(top);
      left = tf.add(left, tf.mul(top, taken));
    }
    return tf.stack(picked, 1) as Tensor3D; // [n, k, c]
  });
}
