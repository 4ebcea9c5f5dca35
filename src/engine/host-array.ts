import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {BugError} from '../support/errors.js';
import type {HostArray, HostArrays} from './step.js';

/** A tensor with the array's values and its dtype (float32 or int32). The caller disposes it. */
export function toTensor({shape, data}: HostArray): Tensor {
  return tf.tensor(data, [...shape], dtypeOf(data));
}

/** A copy of a tensor's values on the host. */
export function toHostArray(tensor: Tensor): HostArray {
  const data = tensor.dataSync();
  if (data instanceof Float32Array) return {shape: [...tensor.shape], data: new Float32Array(data)};
  if (data instanceof Int32Array) return {shape: [...tensor.shape], data: new Int32Array(data)};
  throw new BugError(`toHostArray: expected a float32 or int32 tensor, got ${tensor.dtype}`);
}

/** {@link toTensor} for every entry. The caller disposes them. */
export function toTensors(arrays: HostArrays): Record<string, Tensor> {
  return Object.fromEntries(Object.entries(arrays).map(([name, array]) => [name, toTensor(array)]));
}

export function dtypeOf(data: HostArray['data']): 'float32' | 'int32' {
  return data instanceof Int32Array ? 'int32' : 'float32';
}
