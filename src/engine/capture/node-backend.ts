import type {KernelBackend, Tensor, TensorInfo} from '@tensorflow/tfjs-core';
import type {BindingConstants} from './symbolic-binding.js';

/** The backend of tfjs-node, as far as a recording uses it. */
export interface NodeBackend extends KernelBackend {
  readonly binding: BindingConstants;
  createOutputTensor(metadata: object): Tensor;
  getInputTensorIds(tensors: readonly TensorInfo[]): number[];
  executeSingleOutput(op: string, attributes: readonly object[], inputs: readonly TensorInfo[]): Tensor;
}
