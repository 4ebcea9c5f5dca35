import type {Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';

/** n tokenised texts. */
export interface TokenTensors {
  /** [n, t] int32, padded to the context length. */
  readonly ids: Tensor2D;
  /** [n] int32, the position of each row's first end token. */
  readonly end: Tensor1D;
}
