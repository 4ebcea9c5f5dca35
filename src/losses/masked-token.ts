import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';

/**
 * Masked-language loss (BERT, arXiv:1810.04805; DeCLIP's text self-supervision): cross-entropy over the vocabulary, the
 * mean over the positions that have a label, 0 if none has.
 * @param logits [n, v], one row a position; best only those that were masked, v is large
 * @param labels [n], int32 token ids, negative where a position does not count
 */
export function maskedTokenLoss(logits: Tensor2D, labels: Tensor1D): Scalar {
  // a negative id makes a row of zeros; wasm writes int32 bits whatever dtype oneHot is asked for
  const targets = tf.cast(tf.oneHot(labels, logits.shape[1]), 'float32'); // [n, v]
  const counted = tf.sum(tf.step(tf.add(tf.cast(labels, 'float32'), 1)));
  const sum = tf.sum(tf.mul(targets, tf.logSoftmax(logits)));
  return tf.sub(0, tf.div<Scalar>(sum, tf.maximum(counted, 1)));
}
