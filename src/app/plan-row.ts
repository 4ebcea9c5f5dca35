import {logSumExp} from '../support/log-sum-exp.js';

/** Similarities of u unpaired images (rows) and b captioned ones (columns), cosines in [-1, 1]. */
export interface Similarities {
  /** [u, b], row-major. */
  readonly values: Float64Array;
  readonly rows: number;
  readonly columns: number;
}

/** How each unpaired image shares its weight among the captions. */
export interface Plan {
  /** [u, b], rows sum to 1. */
  readonly rows: Float64Array;
  /** [b] share of all weight that a caption gets, times b: 1 is its fair share. */
  readonly demand: Float64Array;
  /** Sinkhorn iterations done; 0 for the other assignments. */
  readonly iterations: number;
}

export const transports = ['ot', 'soft', 'hard'] as const;
export type Transport = (typeof transports)[number];

export interface PlanOptions {
  readonly transport: Transport;
  /** s = exp(logit_scale). */
  readonly scale: number;
  /** Entropic regularisation of `ot`; defaults to 1 / s. */
  readonly regularisation?: number;
  /** Most Sinkhorn iterations of `ot`; defaults to 10, as in training. */
  readonly iterations?: number;
}

/** Stop of the reference solver: the column sums are this close to uniform (Euclidean), looked at every 10 iterations. */
const marginalTolerance = 1e-9;

/** The plan of a batch in float64, to be looked at: optimal transport, row soft-max, or the nearest image alone. */
export function exactPlan(similarities: Similarities, options: PlanOptions): Plan {
  const {transport, scale, regularisation = 1 / scale, iterations = 10} = options;
  const rows = new Float64Array(similarities.values.length);
  const done = transport === 'ot' ? sinkhorn(similarities, {regularisation, iterations}, rows) : 0;
  if (transport === 'soft') softRows(similarities, scale, rows);
  if (transport === 'hard') hardRows(similarities, rows);
  return {rows, demand: columnDemand(rows, similarities), iterations: done};
}

/** -sum p log p of a row, in nats. */
export function entropy(row: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < row.length; j++) if (row[j]! > 0) sum -= row[j]! * Math.log(row[j]!);
  return sum;
}

/**
 * Entropic optimal transport with uniform marginals and cost 1 - similarity (Cuturi 2013), in the order of the S-CLIP
 * code: columns first, rows last, so that the rows are exact and the columns only as good as the iterations allow. In
 * the log domain, where no kernel entry underflows; the rows written to `plan` are normalised to 1.
 */
function sinkhorn(
  {values, rows, columns}: Similarities,
  {regularisation, iterations}: {readonly regularisation: number; readonly iterations: number},
  plan: Float64Array,
): number {
  const kernel = values.map((similarity) => (similarity - 1) / regularisation); // log K, [u, b]
  const logU = new Float64Array(rows).fill(-Math.log(rows));
  const logV = new Float64Array(columns);
  let done = 0;
  while (done < iterations) {
    for (let j = 0; j < columns; j++) {
      logV[j] = -Math.log(columns) - logSumExp(rows, (i) => kernel[i * columns + j]! + logU[i]!);
    }
    for (let i = 0; i < rows; i++) {
      logU[i] = -Math.log(rows) - logSumExp(columns, (j) => kernel[i * columns + j]! + logV[j]!);
    }
    done++;
    if (done % 10 === 1 && columnError(kernel, logU, logV) < marginalTolerance) break;
  }
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      plan[i * columns + j] = rows * Math.exp(kernel[i * columns + j]! + logU[i]! + logV[j]!);
    }
  }
  return done;
}

/** Euclidean distance of the column sums from 1 / b. */
function columnError(kernel: Float64Array, logU: Float64Array, logV: Float64Array): number {
  const columns = logV.length;
  let squares = 0;
  for (let j = 0; j < columns; j++) {
    let sum = 0;
    for (let i = 0; i < logU.length; i++) sum += Math.exp(kernel[i * columns + j]! + logU[i]! + logV[j]!);
    squares += (sum - 1 / columns) ** 2;
  }
  return Math.sqrt(squares);
}

function softRows({values, rows, columns}: Similarities, scale: number, plan: Float64Array): void {
  for (let i = 0; i < rows; i++) {
    const at = i * columns;
    const total = logSumExp(columns, (j) => scale * values[at + j]!);
    for (let j = 0; j < columns; j++) plan[at + j] = Math.exp(scale * values[at + j]! - total);
  }
}

function hardRows({values, rows, columns}: Similarities, plan: Float64Array): void {
  for (let i = 0; i < rows; i++) plan[i * columns + firstLargest(values, i * columns, columns)] = 1;
}

/** Place, from 0, of the largest of values[start .. start + count); the first of several. */
export function firstLargest(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let j = 1; j < count; j++) if (values[start + j]! > values[start + best]!) best = j;
  return best;
}

function columnDemand(plan: Float64Array, {rows, columns}: Similarities): Float64Array {
  const demand = new Float64Array(columns);
  plan.forEach((weight, at) => (demand[at % columns] = demand[at % columns]! + (weight * columns) / rows));
  return demand;
}

/**
 * One row of keyword targets [k]: candidates share in the ratio of their cosines, as in S-CLIP's code, or by the
 * soft-max of their scaled cosines. One candidate gets 1, none gives zeros; cosines that cancel have no ratio and share
 * evenly.
 */
export function keywordTargetRow(
  cosines: ArrayLike<number>,
  candidates: ArrayLike<number>,
  {share, scale}: {readonly share: 'ratio' | 'softmax'; readonly scale: number},
): Float64Array {
  const targets = new Float64Array(cosines.length);
  const chosen = Array.from(targets.keys()).filter((c) => candidates[c] === 1);
  const largest = Math.max(...chosen.map((c) => cosines[c]!));
  const weightOf = (c: number) =>
    share === 'ratio' ? cosines[c]! : Math.exp(scale * (cosines[c]! - largest));
  const sum = chosen.reduce((total, c) => total + weightOf(c), 0);
  for (const c of chosen) targets[c] = sum === 0 ? 1 / chosen.length : weightOf(c) / sum;
  return targets;
}
