import * as tf from '@tensorflow/tfjs-core';
import type {KernelConfig, Tensor, TensorInfo} from '@tensorflow/tfjs-core';
import {transpose} from './transpose.js';
import type {WasmBackend} from './wasm-backend.js';

/**
 * Matrix products a [..., m, k] x b [..., k, n]. The shipped kernel has a fast path (XNNPACK) for one plain product
 * and scalar loops, ten times slower, for transposed or batched ones; this one transposes first and takes the fast
 * path for each product of a batch. `shipped` is the kernel that it replaces.
 */
export function batchMatMulKernel(shipped: KernelConfig): KernelConfig {
  return {
    ...shipped,
    kernelFunc: (args) => {
      const {a, b} = args.inputs as unknown as {readonly a: Tensor; readonly b: Tensor};
      const {transposeA, transposeB} = args.attrs as {transposeA: boolean; transposeB: boolean};
      // broadcast batches of several axes are the shipped kernel's business
      if (!sameBatch(a, b)) return shipped.kernelFunc(args);
      const backend = args.backend as WasmBackend;
      const left = transposeA ? swapLastAxes(backend, a) : a;
      const right = transposeB ? swapLastAxes(backend, b) : b;
      const product = multiplyEach(backend, left, right);
      if (transposeA) backend.disposeData(left.dataId);
      if (transposeB) backend.disposeData(right.dataId);
      return product;
    },
  };
}

function sameBatch(a: Tensor, b: Tensor): boolean {
  return tf.util.arraysEqual(a.shape.slice(0, -2), b.shape.slice(0, -2));
}

function swapLastAxes(backend: WasmBackend, x: TensorInfo): TensorInfo {
  const axes = [...x.shape.keys()];
  return transpose(backend, x, [...axes.slice(0, -2), axes.at(-1)!, axes.at(-2)!]);
}

// numbers for the matrices at hand, far above the ones that the backend counts up to
const viewIds = {left: 2 ** 30, right: 2 ** 30 + 1, product: 2 ** 30 + 2} as const;

/** One product for each pair of matrices; each matrix is a view into its tensor's memory. */
function multiplyEach(backend: WasmBackend, left: TensorInfo, right: TensorInfo): TensorInfo {
  const [m, k] = left.shape.slice(-2) as [number, number];
  const n = right.shape.at(-1)!;
  const batch = left.shape.slice(0, -2);
  const product = backend.makeOutput([...batch, m, n], 'float32');
  const {registerTensor, disposeData} = backend.wasm.tfjs;
  const multiply = backend.wasm.cwrap('BatchMatMul', null, [
    ...(['number', 'array', 'number'] as const),
    ...(['number', 'array', 'number'] as const),
    ...(['number', 'number', 'number'] as const),
  ]);
  const offset = ({dataId}: TensorInfo): number => backend.dataIdMap.get(dataId).memoryOffset;
  const [leftBytes, rightBytes, productBytes] = [4 * m * k, 4 * k * n, 4 * m * n];
  for (let i = 0; i < tf.util.sizeFromShape(batch); i++) {
    registerTensor(viewIds.left, m * k, offset(left) + i * leftBytes);
    registerTensor(viewIds.right, k * n, offset(right) + i * rightBytes);
    registerTensor(viewIds.product, m * n, offset(product) + i * productBytes);
    const [leftShape, rightShape] = [shapeBytes([1, m, k]), shapeBytes([1, k, n])];
    multiply(viewIds.left, leftShape, 3, viewIds.right, rightShape, 3, 0, 0, viewIds.product);
    // the packed copy of the right matrix is kept by its number, so the number must be given back each time
    for (const id of Object.values(viewIds)) disposeData(id);
  }
  return product;
}

function shapeBytes(shape: readonly number[]): Uint8Array {
  return new Uint8Array(Int32Array.from(shape).buffer);
}
