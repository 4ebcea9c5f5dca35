import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';

/** A backend whose operations run in an order of their own. */
export interface OrderingBackend {
  /** The same values, which exist only when the prerequisites do. */
  readonly after: <T extends Tensor>(x: T, prerequisites: readonly Tensor[]) => T;
}

/**
 * The same values, not used before the prerequisites are there. A graph may run its operations in any order: this keeps
 * what would be computed early, and then held, from being computed early. Operation by operation it changes nothing.
 */
export function after<T extends Tensor>(x: T, prerequisites: readonly Tensor[]): T {
  const backend = tf.backend() as Partial<OrderingBackend>;
  return backend.after && prerequisites.length > 0 ? backend.after(x, prerequisites) : x;
}
