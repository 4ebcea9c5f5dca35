import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';

/**
 * Layer norm without scale and shift: every token by its own mean and biased variance over the channels, as feature
 * distillation whitens its teacher (arXiv:2205.14141).
 * @param tokens [..., d]
 */
export function whiten<T extends Tensor>(tokens: T, epsilon = 1e-5): T {
  const centred = tf.sub<T>(tokens, tf.mean(tokens, -1, true));
  const variance = tf.mean(tf.square(centred), -1, true); // [..., 1]
  return tf.div<T>(centred, tf.sqrt(tf.add(variance, epsilon)));
}

/**
 * Smooth L1 of the difference e: e^2 / (2 beta) where |e| < beta, else |e| - beta / 2, the mean over tokens and channels
 * (feature distillation takes beta 2). PyTorch's convention; a Huber loss is beta times as large.
 * @param prediction [..., d]
 * @param target [..., d], a constant
 * @param options.mask [...], 1 for tokens that count; without it all do
 */
export function smoothL1<T extends Tensor>(
  prediction: T,
  target: T,
  {beta, mask}: {readonly beta: number; readonly mask?: Tensor},
): Scalar {
  const difference = tf.sub<T>(prediction, target);
  // with q = e clipped to [-beta, beta] both branches are q (e - q / 2) / beta
  const clipped = tf.clipByValue(difference, -beta, beta);
  const loss = tf.div(tf.mul(clipped, tf.sub(difference, tf.mul(clipped, 0.5))), beta);
  if (mask === undefined) return tf.mean(loss);
  const perToken = tf.mean(loss, -1); // [...]
  return tf.div(tf.sum(tf.mul(perToken, mask)), tf.maximum(tf.sum(mask), 1));
}
