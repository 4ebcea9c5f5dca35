import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';

/**
 * Entropic optimal transport with uniform marginals by Sinkhorn's iteration (Cuturi 2013, arXiv:1306.0895), each
 * row of the plan divided by its sum: what S-CLIP (arXiv:2305.14095) gives to its caption-level term.
 *
 * With K = exp(-C / reg) and plan diag(u) K diag(v), the update v = q / (K^t u) makes the columns of the plan sum
 * to a constant and u = p / (K v) its rows. In logarithms these are a log-softmax over the columns and one over the
 * rows: nothing underflows, and constants (the 1 in C = 1 - cosine, the marginals themselves) cancel. The columns
 * come first and the rows last, so row sums are exact after any number of iterations, column sums in the limit only.
 * @param logits [u, b], cosine / reg
 * @returns [u, b], rows sum to 1
 */
export function transportPlan(logits: Tensor2D, iterations: number): Tensor2D {
  let logPlan = logits;
  for (let t = 0; t < iterations; t++) {
    const columnsDone: Tensor2D = tf.logSoftmax(tf.transpose(logPlan)); // [b, u]
    logPlan = tf.logSoftmax(tf.transpose(columnsDone)); // [u, b]
  }
  return tf.exp(logPlan);
}
