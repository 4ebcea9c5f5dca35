import * as tf from '@tensorflow/tfjs-core';
import type {GradSaveFunc, Tensor} from '@tensorflow/tfjs-core';

/** One evaluation of an operation whose gradient is written by hand. */
export interface FusedOp<I extends readonly Tensor[], O extends Tensor, S extends Record<string, Tensor>> {
  readonly value: O;
  /** What `gradients` needs of the forward pass; everything else is freed at once. */
  readonly saved: S;
  /** One gradient for each input, in the order of the inputs; never `dy` itself but a clone of it. */
  readonly gradients: (dy: O, saved: S) => {readonly [K in keyof I]: Tensor};
}

/**
 * Runs an operation with a gradient written by hand. The backward pass of tfjs keeps what every small operation
 * saved, and all that a custom gradient allocates, until its end: a fused operation saves what it names and no more.
 */
export function fusedOp<
  const I extends readonly Tensor[],
  O extends Tensor,
  S extends Record<string, Tensor>,
>(inputs: I, forward: () => FusedOp<I, O, S>): O {
  const op = tf.customGrad<O>((...args) => {
    const {value, saved, gradients} = forward();
    (args.at(-1) as GradSaveFunc)(Object.values(saved));
    const names = Object.keys(saved);
    const gradFunc = (dy: O, kept: Tensor[]) => {
      const named = Object.fromEntries(names.map((name, i) => [name, kept[i]!])) as S;
      return tf.tidy(() => [...gradients(dy, named)]);
    };
    return {value, gradFunc};
  });
  return op(...inputs);
}
