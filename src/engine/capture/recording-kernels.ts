import * as tf from '@tensorflow/tfjs-core';
import type {KernelFunc} from '@tensorflow/tfjs-core';
import type {NodeBackend} from './node-backend.js';
import {dataTypes} from './saved-model.js';

/**
 * Registers the kernels of tfjs-node for the recording backend: they serve it unchanged, since only the binding
 * below them is another. Gathering is our own, because tfjs-node's looks at the indices.
 */
export function registerKernels(backendName: string): void {
  if (tf.getKernelsForBackend(backendName).length > 0) return;
  for (const kernel of tf.getKernelsForBackend('tensorflow')) {
    const kernelFunc = kernel.kernelName === tf.GatherV2 ? gather : kernel.kernelFunc;
    tf.registerKernel({...kernel, backendName, kernelFunc});
  }
}

/** Rows of `x` along an axis; the indices must be in range, as token ids and positions are. */
const gather: KernelFunc = ({inputs, attrs, backend}) => {
  const {x, indices} = inputs as unknown as Record<'x' | 'indices', tf.TensorInfo>;
  const {axis, batchDims} = attrs as unknown as tf.GatherV2Attrs;
  const node = backend as NodeBackend;
  const types = node.binding;
  const type = (name: string, value: number) => ({name, type: types['TF_ATTR_TYPE'], value});
  return node.executeSingleOutput(
    'GatherV2',
    [
      {name: 'batch_dims', type: types['TF_ATTR_INT'], value: batchDims},
      type('Tparams', dataTypes[x.dtype as 'float32' | 'int32']),
      type('Tindices', dataTypes.int32),
      type('Taxis', dataTypes.int32),
    ],
    [x, indices, tf.scalar(axis, 'int32')],
  );
};
