import type {Matrix} from './matrix.js';

export interface Sinkhorn {
  readonly kernel: number[][];
  /** After the first iteration. */
  readonly first: {readonly u: number[]; readonly v: number[]};
  readonly u: number[];
  readonly v: number[];
  readonly iterations: number;
  /** diag(u) K diag(v), all entries sum to 1. */
  readonly transport: number[][];
  /** Each row of the transport divided by its sum. */
  readonly plan: number[][];
}

/**
 * Sinkhorn's iteration with cost 1 - similarity and uniform marginals, in the linear domain and in the order of the
 * S-CLIP code: v, then u; the column sums are looked at when the iteration number is a multiple of 10.
 */
export function sinkhorn(similarity: Matrix, regularisation: number, maxIterations: number): Sinkhorn {
  const rows = similarity.length;
  const columns = similarity[0]!.length;
  const kernel = similarity.map((row) => row.map((s) => Math.exp(-(1 - s) / regularisation)));
  let u = Array.from({length: rows}, () => 1 / rows);
  let v = Array.from({length: columns}, () => 1 / columns);
  let first = {u, v};
  let iterations = 0;
  const entries = () => kernel.map((row, i) => row.map((k, j) => u[i]! * k * v[j]!));
  while (iterations < maxIterations) {
    v = v.map((_, j) => 1 / columns / kernel.reduce((sum, row, i) => sum + row[j]! * u[i]!, 0));
    u = u.map((_, i) => 1 / rows / kernel[i]!.reduce((sum, k, j) => sum + k * v[j]!, 0));
    if (iterations === 0) first = {u, v};
    iterations++;
    if ((iterations - 1) % 10 === 0 && columnError(entries()) < 1e-9) break;
  }
  const transport = entries();
  const plan = transport.map((row) => {
    const sum = row.reduce((total, entry) => total + entry, 0);
    return row.map((entry) => entry / sum);
  });
  return {kernel, first, u, v, iterations, transport, plan};
}

export function columnSums(matrix: Matrix): number[] {
  return matrix[0]!.map((_, j) => matrix.reduce((sum, row) => sum + row[j]!, 0));
}

function columnError(transport: Matrix): number {
  const sums = columnSums(transport);
  return Math.hypot(...sums.map((sum) => sum - 1 / sums.length));
}
