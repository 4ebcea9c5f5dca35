/** Rows of numbers, float64. */
export type Matrix = readonly (readonly number[])[];

/** All dot products: [n, d], [m, d] -> [n, m]. */
export function dotProducts(a: Matrix, b: Matrix): number[][] {
  return a.map((x) => b.map((y) => x.reduce((sum, value, i) => sum + value * y[i]!, 0)));
}

export function scaled(matrix: Matrix, factor: number): number[][] {
  return matrix.map((row) => row.map((value) => value * factor));
}

export function transposed(matrix: Matrix): number[][] {
  return matrix[0]!.map((_, j) => matrix.map((row) => row[j]!));
}

/** Rows of unit length. */
export function unitRows(matrix: Matrix): number[][] {
  return matrix.map((row) => {
    const norm = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0));
    return row.map((value) => value / norm);
  });
}

/** Index of the largest entry, the first of several. */
export function firstArgMax(row: readonly number[]): number {
  let best = 0;
  for (let j = 1; j < row.length; j++) if (row[j]! > row[best]!) best = j;
  return best;
}
