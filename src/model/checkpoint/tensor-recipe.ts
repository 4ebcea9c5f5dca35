/** A tensor as a checkpoint file holds it. */
export interface FilePart {
  readonly name: string;
  readonly shape: readonly number[];
}

/** How one of our tensors is stored in a file; the same recipe serves reading and writing. */
export interface TensorRecipe {
  /** Several parts are joined along their first axis. */
  readonly parts: readonly [FilePart, ...FilePart[]];
  /**
   * `transposed`: a matrix with its axes exchanged. `kernel`: a convolution kernel that is [out, in, height, width]
   * in the file and [height, width, in, out] with us.
   */
  readonly order: 'same' | 'transposed' | 'kernel';
}

const fileAxes = {transposed: [1, 0], kernel: [3, 2, 0, 1]} as const;
const ourAxes = {transposed: [1, 0], kernel: [2, 3, 1, 0]} as const;

/** The recipe of a tensor that is stored as one part, under this name. */
export function wholeTensor(
  name: string,
  shape: readonly number[],
  order: TensorRecipe['order'] = shape.length === 4 ? 'kernel' : 'same',
): TensorRecipe {
  return {
    order,
    parts: [{name, shape: order === 'same' ? shape : fileAxes[order].map((axis) => shape[axis]!)}],
  };
}

/** Our values from the values of all parts. May share the memory of a part. */
export function fromParts({parts, order}: TensorRecipe, values: readonly Float32Array[]): Float32Array {
  const whole = values.length === 1 ? values[0]! : joined(values);
  return order === 'same' ? whole : permuted(whole, parts[0].shape, ourAxes[order]);
}

/** The values of one part from ours, which have this shape. May share their memory. */
export function toPart(
  {parts, order}: TensorRecipe,
  values: Float32Array,
  part: number,
  shape: readonly number[],
): Float32Array {
  if (order !== 'same') return permuted(values, shape, fileAxes[order]);
  const length = values.length / parts.length;
  return parts.length === 1 ? values : values.subarray(part * length, (part + 1) * length);
}

function joined(values: readonly Float32Array[]): Float32Array {
  const whole = new Float32Array(values.reduce((length, part) => length + part.length, 0));
  let position = 0;
  for (const part of values) {
    whole.set(part, position);
    position += part.length;
  }
  return whole;
}

/** Axis i of the result is axis `axes[i]` of the values, which are row-major with this shape. */
function permuted(values: Float32Array, shape: readonly number[], axes: readonly number[]): Float32Array {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const sizes = axes.map((axis) => shape[axis]!);
  const steps = axes.map((axis) => strides[axis]!);
  const rowLength = sizes.at(-1)!;
  const rowStep = steps.at(-1)!;
  const result = new Float32Array(values.length);
  const position = sizes.map(() => 0);
  for (let row = 0; row < result.length; row += rowLength) {
    const start = position.reduce((sum, index, axis) => sum + index * steps[axis]!, 0);
    for (let i = 0; i < rowLength; i++) result[row + i] = values[start + i * rowStep]!;
    advance(position, sizes);
  }
  return result;
}

/** Moves to the next row: an odometer over all axes but the last. */
function advance(position: number[], sizes: readonly number[]): void {
  for (let axis = sizes.length - 2; axis >= 0; axis--) {
    position[axis]!++;
    if (position[axis]! < sizes[axis]!) return;
    position[axis] = 0;
  }
}
