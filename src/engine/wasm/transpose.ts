import * as tf from '@tensorflow/tfjs-core';
import type {KernelConfig, TensorInfo} from '@tensorflow/tfjs-core';
import type {WasmBackend} from './wasm-backend.js';

/** An axis of the result: its length, and how far its neighbours lie apart in the source and in the result. */
interface Axis {
  readonly length: number;
  readonly sourceStride: number;
  readonly resultStride: number;
}

/** Edge of the squares that are moved at once: their lines in source and result lie in the cache together. */
const block = 32;

/**
 * Permutes the axes of a tensor; `shipped`, which this one replaces, takes ten times as long from rank 4 on. Its
 * set-up stays: other shipped kernels call into it.
 */
export function transposeKernel(shipped: KernelConfig): KernelConfig {
  return {
    ...shipped,
    kernelFunc: ({inputs, attrs, backend}) => {
      const {perm} = attrs as unknown as tf.TransposeAttrs;
      return transpose(backend as WasmBackend, inputs['x']!, perm);
    },
  };
}

/** A new tensor whose axis i is axis `perm[i]` of x. */
export function transpose(backend: WasmBackend, x: TensorInfo, perm: readonly number[]): TensorInfo {
  const result = backend.makeOutput(
    perm.map((axis) => x.shape[axis]!),
    x.dtype,
  );
  // only now: making the output may have moved the module's memory
  const source = backend.typedArrayFromHeap(x);
  move(source, backend.typedArrayFromHeap(result), resultAxes(x.shape, perm));
  return result;
}

/** The axes of the result, the first slowest; neighbours that stay neighbours are one, and those of length 1 none. */
function resultAxes(shape: readonly number[], perm: readonly number[]): Axis[] {
  const sourceStrides = [...tf.util.computeStrides([...shape]), 1];
  const axes: Axis[] = [];
  let resultStride = 1;
  for (const from of [...perm].reverse()) {
    const length = shape[from]!;
    if (length === 1) continue;
    const sourceStride = sourceStrides[from]!;
    const inner = axes[0];
    if (inner !== undefined && sourceStride === inner.sourceStride * inner.length) {
      axes[0] = {...inner, length: inner.length * length};
    } else {
      axes.unshift({length, sourceStride, resultStride});
    }
    resultStride *= length;
  }
  return axes;
}

type Values = Float32Array | Int32Array;

const single: Axis = {length: 1, sourceStride: 1, resultStride: 1};

function move(source: Values, result: Values, axes: readonly Axis[]): void {
  const row = axes.at(-1) ?? single;
  const outer = axes.slice(0, -1);
  if (row.sourceStride === 1) {
    overAll(outer, [0, 0], (from, to) => {
      for (let i = 0; i < row.length; i++) result[to + i] = source[from + i]!;
    });
    return;
  }
  // the axis along which the source is read in order
  const column = outer.reduce((least, axis) => (axis.sourceStride < least.sourceStride ? axis : least));
  const rest = outer.filter((axis) => axis !== column);
  overAll(rest, [0, 0], (from, to) => moveMatrix(source.subarray(from), result.subarray(to), [column, row]));
}

/** Calls `visit` with the offsets in source and result for every index of some axes. */
function overAll(
  [axis, ...inner]: readonly Axis[],
  [from, to]: readonly [number, number],
  visit: (from: number, to: number) => void,
): void {
  if (axis === undefined) return visit(from, to);
  for (let i = 0; i < axis.length; i++) {
    overAll(inner, [from + i * axis.sourceStride, to + i * axis.resultStride], visit);
  }
}

/** Moves what two axes span, square by square. */
function moveMatrix(source: Values, result: Values, [column, row]: readonly [Axis, Axis]): void {
  for (let startColumn = 0; startColumn < column.length; startColumn += block) {
    const endColumn = Math.min(startColumn + block, column.length);
    for (let startRow = 0; startRow < row.length; startRow += block) {
      const endRow = Math.min(startRow + block, row.length);
      for (let j = startColumn; j < endColumn; j++) {
        for (let i = startRow; i < endRow; i++) {
          result[j * column.resultStride + i] = source[j * column.sourceStride + i * row.sourceStride]!;
        }
      }
    }
  }
}
