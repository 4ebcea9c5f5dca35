import * as tf from '@tensorflow/tfjs-core';

/** A backend that can take products in bfloat16. */
export interface ReducingBackend {
  /** Runs operations whose products, and the products of their gradients, may be taken in bfloat16. */
  readonly reduceProducts: <T>(compute: () => T) => T;
}

/**
 * Runs operations whose matrix products may be taken in bfloat16 with sums in float32, where the engine was asked to;
 * elsewhere they are as always. For transformers: losses, with their large logits, stay in float32, and so do ResNets,
 * whose batch norms amplify the rounding (the loss of a small one moved by up to 9 %).
 */
export function reducedPrecision<T>(compute: () => T): T {
  const backend = tf.backend() as Partial<ReducingBackend>;
  return backend.reduceProducts ? backend.reduceProducts(compute) : compute();
}
