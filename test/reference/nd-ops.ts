/** A float64 array of any rank, row-major: the oracle's side of every tensor operation, in plain loops. */
export interface NdArray {
  readonly shape: readonly number[];
  readonly data: Float64Array;
}

type Index = readonly number[];

/** Fills an array from a function of the index. */
export function nd(shape: readonly number[], valueAt: (index: Index) => number): NdArray {
  const data = new Float64Array(sizeOf(shape));
  let position = 0;
  for (const index of indices(shape)) data[position++] = valueAt(index);
  return {shape, data};
}

export function at(x: NdArray, index: Index): number {
  let position = 0;
  for (const [axis, size] of x.shape.entries()) position = position * size + index[axis]!;
  return x.data[position]!;
}

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** All indices of a shape, the last axis fastest. */
export function* indices(shape: readonly number[]): Generator<Index> {
  const index = shape.map(() => 0);
  for (let count = sizeOf(shape); count > 0; count--) {
    yield [...index];
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis]! === shape[axis]; axis--) index[axis] = 0;
  }
}

export function elementwise(x: NdArray, f: (value: number) => number): NdArray {
  return {shape: x.shape, data: x.data.map(f)};
}

/** Of two arrays whose shapes agree from the right, or are 1 or missing there. */
export function broadcast(a: NdArray, b: NdArray, f: (a: number, b: number) => number): NdArray {
  const rank = Math.max(a.shape.length, b.shape.length);
  const sizes = ({shape}: NdArray) => [...Array<number>(rank - shape.length).fill(1), ...shape];
  const [left, right] = [sizes(a), sizes(b)];
  const pick = (x: NdArray, index: Index) =>
    at(
      x,
      x.shape.map((size, axis) => (size === 1 ? 0 : index[rank - x.shape.length + axis]!)),
    );
  return nd(
    left.map((size, axis) => Math.max(size, right[axis]!)),
    (index) => f(pick(a, index), pick(b, index)),
  );
}

/** Folds the values along some axes into one. */
export function reduce(
  x: NdArray,
  axes: readonly number[],
  fold: (values: readonly number[]) => number,
  keepDims = false,
): NdArray {
  const kept = x.shape.map((size, axis) => (axes.includes(axis) ? 1 : size));
  const folded = nd(kept, (index) => {
    const along = x.shape.map((size, axis) => (axes.includes(axis) ? size : 1));
    const values = [...indices(along)].map((offset) =>
      at(
        x,
        offset.map((o, axis) => o + index[axis]!),
      ),
    );
    return fold(values);
  });
  return keepDims ? folded : {shape: x.shape.filter((_, axis) => !axes.includes(axis)), data: folded.data};
}

export const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
export const meanOf = (values: readonly number[]): number => sumOf(values) / values.length;
export const logSumExpOf = (values: readonly number[]): number => {
  const top = Math.max(...values);
  return top + Math.log(sumOf(values.map((value) => Math.exp(value - top))));
};

/** Along the last axis. */
export function softmax(x: NdArray): NdArray {
  return elementwise(logSoftmax(x), Math.exp);
}

/** Along the last axis. */
export function logSoftmax(x: NdArray): NdArray {
  return broadcast(x, reduce(x, [x.shape.length - 1], logSumExpOf, true), (value, total) => value - total);
}

export function transpose(x: NdArray, axes: readonly number[]): NdArray {
  return nd(
    axes.map((axis) => x.shape[axis]!),
    (index) => {
      const source = [...index];
      for (const [to, from] of axes.entries()) source[from] = index[to]!;
      return at(x, source);
    },
  );
}

export function reshape(x: NdArray, shape: readonly number[]): NdArray {
  return {shape, data: x.data};
}

/** [..., m, k] x [..., k, n], either stored with its last two axes swapped. */
export function matMul(a: NdArray, b: NdArray, swapA = false, swapB = false): NdArray {
  const rank = a.shape.length;
  const swapped = (x: NdArray, swap: boolean) =>
    swap
      ? transpose(
          x,
          [...x.shape.keys()].map((axis) => (axis < rank - 2 ? axis : 2 * rank - 3 - axis)),
        )
      : x;
  const [left, right] = [swapped(a, swapA), swapped(b, swapB)];
  const inner = left.shape.at(-1)!;
  return nd([...left.shape.slice(0, -1), right.shape.at(-1)!], (index) => {
    const [batch, row, column] = [index.slice(0, -2), index.at(-2)!, index.at(-1)!];
    let sum = 0;
    for (let k = 0; k < inner; k++) sum += at(left, [...batch, row, k]) * at(right, [...batch, k, column]);
    return sum;
  });
}

export function slice(x: NdArray, begin: readonly number[], size: readonly number[]): NdArray {
  return nd(size, (index) =>
    at(
      x,
      index.map((i, axis) => i + begin[axis]!),
    ),
  );
}

export function concat(parts: readonly NdArray[], axis: number): NdArray {
  const shape = [...parts[0]!.shape];
  shape[axis] = sumOf(parts.map((part) => part.shape[axis]!));
  return nd(shape, (index) => {
    let offset = index[axis]!;
    let part = 0;
    while (offset >= parts[part]!.shape[axis]!) offset -= parts[part++]!.shape[axis]!;
    return at(parts[part]!, index.with(axis, offset));
  });
}

export function tile(x: NdArray, repeats: readonly number[]): NdArray {
  return nd(
    x.shape.map((size, axis) => size * repeats[axis]!),
    (index) =>
      at(
        x,
        index.map((i, axis) => i % x.shape[axis]!),
      ),
  );
}

/** Zeros around: [before, after] for each axis. */
export function pad(x: NdArray, amounts: readonly (readonly [number, number])[]): NdArray {
  const shape = x.shape.map((size, axis) => size + amounts[axis]![0] + amounts[axis]![1]);
  return nd(shape, (index) => {
    const source = index.map((i, axis) => i - amounts[axis]![0]);
    return source.every((i, axis) => i >= 0 && i < x.shape[axis]!) ? at(x, source) : 0;
  });
}

/** Rows of a table [v, ...] by ids [...]. */
export function gather(table: NdArray, ids: NdArray): NdArray {
  const inner = table.shape.length - 1;
  return nd([...ids.shape, ...table.shape.slice(1)], (index) => {
    const split = index.length - inner;
    return at(table, [at(ids, index.slice(0, split)), ...index.slice(split)]);
  });
}

/** Sums of the rows [n, ...] that share an id [n]; negative ids count nowhere. */
export function segmentSums(rows: NdArray, ids: NdArray, segments: number): NdArray {
  return nd([segments, ...rows.shape.slice(1)], (index) => {
    let sum = 0;
    for (const [row, id] of ids.data.entries())
      if (id === index[0]) sum += at(rows, [row, ...index.slice(1)]);
    return sum;
  });
}

/** [n, h, w, in] and [kh, kw, in, out], zeros outside the image, as machine learning counts convolution. */
export function convolve(x: NdArray, kernel: NdArray, stride: number): NdArray {
  const [n, h, w, channels] = x.shape as [number, number, number, number];
  const [kh, kw, , out] = kernel.shape as [number, number, number, number];
  const shape = [n, Math.floor((h - kh) / stride) + 1, Math.floor((w - kw) / stride) + 1, out];
  return nd(shape, (index) => {
    const [image, row, column, filter] = index as [number, number, number, number];
    let sum = 0;
    for (const [i, j, c] of indices([kh, kw, channels]) as Generator<[number, number, number]>) {
      sum += at(x, [image, row * stride + i, column * stride + j, c]) * at(kernel, [i, j, c, filter]);
    }
    return sum;
  });
}

/** The error function by its series, to 1e-15 for |x| < 4. */
export function erf(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 1; k < 120; k++) {
    term *= (-x * x) / k;
    sum += term / (2 * k + 1);
  }
  return (2 / Math.sqrt(Math.PI)) * sum;
}
