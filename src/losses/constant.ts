import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

/**
 * What `compute` returns, computed off the tape: no gradient flows into anything it reads, nothing is kept for one,
 * and operations that have none (comparisons, arg-max) may be used. Cheaper than a stop-gradient over a result,
 * whose backward pass still runs, on zeros; a weight that the loss reaches only through here has no gradient at all.
 */
export function constant<T extends Tensor>(compute: () => T): T {
  const op = tf.customGrad<T>(() => ({
    value: tf.clone(compute()), // a clone, so that even a tensor handed through loses its history
    gradFunc: () => [],
  }));
  return op();
}
