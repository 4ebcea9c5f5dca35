import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {softCrossEntropy} from './soft-cross-entropy.js';

/**
 * SimCLR's NT-Xent (arXiv:2002.05709, equation 1), as SLIP (arXiv:2112.12750) adds it: each of the 2n views is told from
 * the other 2n - 2 by its partner, the mean over all 2n.
 * @param first [n, d], rows of unit length
 * @param second [n, d], rows of unit length: other views of the same items
 */
export function ntXentLoss(first: Tensor2D, second: Tensor2D, temperature: number): Scalar {
  const n = first.shape[0];
  const views = tf.concat2d([first, second], 0); // [2n, d]
  const cosines = tf.matMul(views, views, false, true);
  const itself = tf.mul(tf.eye(2 * n), -1e9);
  const logits = tf.add<Tensor2D>(tf.div(cosines, temperature), itself); // [2n, 2n]
  const [none, partner] = [tf.zeros<tf.Rank.R2>([n, n]), tf.eye(n)];
  const targets = tf.concat2d([tf.concat2d([none, partner], 1), tf.concat2d([partner, none], 1)], 0);
  return softCrossEntropy(logits, targets);
}
