import type {Tensor} from '@tensorflow/tfjs-core';
import type {HostArray, HostArrays, Tensors} from './step.js';

/**
 * A function of a batch, written once in tfjs operations: pure, with static shapes, row by row: row i of every entry
 * of the batch decides row i of the output [n, ...], float32.
 */
export type Forward = (weights: Tensors, state: Tensors, batch: Tensors) => Tensor;

/** What a function reads beside its batch; held as long as it lives. */
export interface ForwardHeld {
  readonly weights: HostArrays;
  readonly state: HostArrays;
}

/** A function ready to run on the engine that was started. */
export interface CompiledForward {
  run(batch: HostArrays): HostArray;
  dispose(): void;
}
