import type {KernelConfig, TensorInfo} from '@tensorflow/tfjs-core';
import type {WasmBackend} from './wasm-backend.js';

/**
 * Sums the rows of x [n, ...] that share a segment id [n] into [segments, ...]; rows with a negative id are left out.
 * The gradient of `gather`, which tfjs's wasm backend lacks.
 */
export const unsortedSegmentSumKernel: KernelConfig = {
  kernelName: 'UnsortedSegmentSum',
  backendName: 'wasm',
  kernelFunc: ({inputs, attrs, backend}) => {
    const wasm = backend as WasmBackend;
    const {x, segmentIds} = inputs as {readonly x: TensorInfo; readonly segmentIds: TensorInfo};
    const {numSegments} = attrs as {readonly numSegments: number};
    const inner = x.shape.slice(1);
    const sums = wasm.makeOutput([numSegments, ...inner], x.dtype);
    // only now: making the output may have moved the module's memory
    const from = wasm.typedArrayFromHeap(x);
    const ids = wasm.typedArrayFromHeap(segmentIds);
    const to = wasm.typedArrayFromHeap(sums);
    to.fill(0); // fresh memory of the module holds what was there before
    const width = inner.reduce((product, size) => product * size, 1);
    for (let row = 0; row < ids.length; row++) {
      const segment = ids[row]!;
      if (segment < 0) continue;
      for (let i = 0; i < width; i++) to[segment * width + i]! += from[row * width + i]!;
    }
    return sums;
  },
};
