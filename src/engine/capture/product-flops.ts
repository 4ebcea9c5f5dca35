import type {Value} from './graph.js';

/** An operation whose output shape is known. */
export interface ShapedOperation {
  readonly op: string;
  readonly inputs: readonly Value[];
  /** By name, as the kernels write them. */
  readonly attributes: Readonly<Record<string, unknown>>;
  /** Of its first output. */
  readonly shape: readonly number[];
}

/**
 * Arithmetic of an operation in FLOP: matrix products and convolutions with their gradients, a multiplication and an
 * addition each; 0 for everything else, as usual.
 */
export function productFlops({op, inputs, attributes, shape}: ShapedOperation): number {
  switch (op) {
    case 'BatchMatMulV2':
      return 2 * size(shape) * inputs[0]!.shape.at(attributes['adj_x'] === true ? -2 : -1)!;
    case 'MatMul':
      return 2 * size(shape) * inputs[0]!.shape[attributes['transpose_a'] === true ? 0 : 1]!;
    case 'Conv2D':
      return 2 * size(shape) * window(inputs[1]!.shape);
    case 'Conv2DBackpropInput':
      return 2 * size(inputs[2]!.shape) * window(inputs[1]!.shape);
    case 'Conv2DBackpropFilter':
      return 2 * size(inputs[2]!.shape) * window(shape);
    default:
      return 0;
  }
}

/** Products for each entry of a map: a kernel [h, w, from, to] without its last axis. */
function window(kernel: readonly number[]): number {
  return size(kernel.slice(0, 3));
}

function size(shape: readonly number[]): number {
  return shape.reduce((product, side) => product * side, 1);
}
