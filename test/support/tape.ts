import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor, Tensor2D} from '@tensorflow/tfjs-core';
import type {Matrix} from '../reference/matrix.js';
import type {Nested} from './expect-close.js';

export function tensor(rows: Matrix): Tensor2D {
  return tf.tensor2d(rows as number[][]);
}

/** Runs with tensors that are disposed at the end; returns plain values, unlike tf.tidy. */
export function inScope<T>(compute: () => T): T {
  tf.engine().startScope();
  try {
    return compute();
  } finally {
    tf.engine().endScope();
  }
}

/** Gradients of a loss with respect to each input, as plain numbers. */
export function gradientsOf(loss: (...inputs: Tensor[]) => Scalar, at: () => readonly Tensor[]): Nested[] {
  return inScope(() =>
    tf
      .grads(loss)([...at()])
      .map((gradient): Nested => gradient.arraySync()),
  );
}
