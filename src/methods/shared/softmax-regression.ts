import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';

/** A linear classifier. */
export interface LinearClassifier {
  /** [d, c]. */
  readonly weights: Tensor2D;
  /** [1, c]. */
  readonly bias: Tensor2D;
}

export interface SoftmaxRegression {
  /** [n, d], centred: columns of mean 0. */
  readonly features: Tensor2D;
  /** [n, c], one-hot. */
  readonly targets: Tensor2D;
  /** Half of it times the sum of the squared weights is added to the loss. */
  readonly decay: number;
  readonly iterations: number;
}

/**
 * Multinomial logistic regression: the least of mean cross-entropy + decay/2 |W|^2, by Nesterov's accelerated gradients with
 * the step 1/L, L = lambda_max(F^t F) / 2n + decay, which bounds the curvature (Boehning 1992). The caller disposes what is
 * returned.
 */
export function softmaxRegression({
  features,
  targets,
  decay,
  iterations,
}: SoftmaxRegression): LinearClassifier {
  const [n, d] = features.shape;
  const c = targets.shape[1];
  const rate = 1 / (Math.max(largestEigenvalue(features) / n, 1) / 2 + decay);
  let current = {weights: tf.zeros<tf.Rank.R2>([d, c]), bias: tf.zeros<tf.Rank.R2>([1, c])};
  let ahead = {weights: tf.clone(current.weights), bias: tf.clone(current.bias)};
  for (let k = 0; k < iterations; k++) {
    const momentum = k / (k + 3);
    const next = tf.tidy(() => {
      const logits = tf.add<Tensor2D>(tf.matMul(features, ahead.weights), ahead.bias);
      const errors: Tensor2D = tf.div(tf.sub(tf.softmax(logits), targets), n); // [n, c]
      const slope = tf.add(tf.matMul(features, errors, true, false), tf.mul(ahead.weights, decay));
      const weights = tf.sub<Tensor2D>(ahead.weights, tf.mul(slope, rate));
      const bias = tf.sub<Tensor2D>(ahead.bias, tf.mul(tf.sum(errors, 0, true), rate));
      const beyond = (now: Tensor2D, before: Tensor2D) =>
        tf.add<Tensor2D>(now, tf.mul(tf.sub(now, before), momentum));
      return {
        current: {weights, bias},
        ahead: {weights: beyond(weights, current.weights), bias: beyond(bias, current.bias)},
      };
    });
    tf.dispose([current, ahead]);
    ({current, ahead} = next);
  }
  tf.dispose(ahead);
  return current;
}

/** Of F^t F, by power iteration; a little too large rather than too small. */
export function largestEigenvalue(features: Tensor2D): number {
  const d = features.shape[1];
  const length = (vector: Tensor2D) => tf.norm(vector).dataSync()[0]!;
  return tf.tidy(() => {
    // no direction that features can be expected to stand at right angles to
    let vector = tf.tensor2d(Array.from({length: d}, (_, i) => [Math.cos(i + 1)]));
    let value = 0;
    for (let k = 0; k < 50; k++) {
      const unit = tf.div<Tensor2D>(vector, length(vector));
      vector = tf.matMul(features, tf.matMul(features, unit), true, false);
      value = length(vector);
      if (value === 0) return 0;
    }
    return 1.05 * value;
  });
}
