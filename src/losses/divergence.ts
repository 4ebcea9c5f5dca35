import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';

/**
 * How far row distributions are apart: `forward` KL(T || P), `mean` and `sum` of it and KL(P || T), or `js`, the
 * Jensen-Shannon divergence, which never exceeds ln 2.
 */
export type DivergenceKind = 'forward' | 'mean' | 'sum' | 'js';

/**
 * Divergence of targets T and predictions P, the mean over rows, both as logarithms.
 * @param logTargets [n, m], log-softmax rows
 * @param logPredictions [n, m], log-softmax rows
 */
export function divergence(
  logTargets: Tensor2D,
  logPredictions: Tensor2D,
  kind: DivergenceKind = 'forward',
): Scalar {
  const forward = () => klDivergence(logTargets, logPredictions);
  const both = () => tf.add<Scalar>(forward(), klDivergence(logPredictions, logTargets));
  switch (kind) {
    case 'forward':
      return forward();
    case 'mean':
      return tf.mul(0.5, both());
    case 'sum':
      return both();
    case 'js':
      return jensenShannon(logTargets, logPredictions);
  }
}

/** KL(A || B), the mean over rows of sum_j A_j (log A_j - log B_j). Never from the logarithm of a softmax. */
function klDivergence(logA: Tensor2D, logB: Tensor2D): Scalar {
  return tf.mean(tf.sum(tf.mul(tf.exp(logA), tf.sub(logA, logB)), 1));
}

/** 1/2 [KL(A || M) + KL(B || M)] with M = (A + B) / 2, natural logarithm. */
function jensenShannon(logA: Tensor2D, logB: Tensor2D): Scalar {
  // log (A + B) = log B + softplus(log A - log B): finite where both underflow
  const logSum = tf.add(logB, tf.softplus(tf.sub(logA, logB)));
  const logMiddle: Tensor2D = tf.sub(logSum, Math.LN2);
  return tf.mul(0.5, tf.add(klDivergence(logA, logMiddle), klDivergence(logB, logMiddle)));
}
