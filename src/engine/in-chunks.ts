import * as tf from '@tensorflow/tfjs-core';
import type {Tensor, Tensor2D} from '@tensorflow/tfjs-core';
import {after} from './after.js';
import type {Tensors} from './step.js';

export interface ChunkedRows {
  /** Tensors with the same number of rows, cut along their first axis. No gradients reach them. */
  readonly rows: readonly Tensor[];
  /** Rows at a time. */
  readonly size: number;
  /** The weights that `compute` reads. Those that are variables get gradients. */
  readonly weights: Tensors;
  /** Features [r, d] of r rows: a pure function that treats every row by itself. */
  readonly compute: (rows: readonly Tensor[]) => Tensor2D;
}

/**
 * Features [n, d] of n rows, computed a chunk at a time and kept without what their gradients need: that is computed
 * again, chunk by chunk, when the gradients come. Memory is that of one chunk, values and gradients are those of the
 * whole (gradient caching, Gao et al. 2021, arXiv:2101.06983).
 */
export function inChunks({rows, size, weights, compute}: ChunkedRows): Tensor2D {
  const trained = Object.values(weights).filter((weight) => weight instanceof tf.Variable);
  const n = rows[0]!.shape[0];
  const starts = Array.from({length: Math.ceil(n / size)}, (_, k) => k * size);
  const chunk = (start: number, prerequisites: readonly Tensor[]) =>
    rows.map((tensor) => cut(after(tensor, prerequisites), start, Math.min(size, n - start)));
  const forward = (): Tensor2D => {
    let done: Tensor2D[] = [];
    for (const start of starts) {
      const features = tf.tidy(() => compute(chunk(start, done.slice(-1))));
      done = [...done, features];
    }
    return tf.concat(done, 0);
  };
  if (trained.length === 0) return forward();
  const gradients = (dy: Tensor2D): Tensor[] => {
    let sums: Tensor[] | undefined;
    for (const start of starts) {
      const dyChunk = cut(dy, start, Math.min(size, n - start));
      const given = chunk(start, sums ?? [dyChunk]);
      const next = gradientsOf(() => compute(given), trained, dyChunk);
      const before = sums;
      sums = before === undefined ? next : next.map((gradient, i) => tf.add(before[i]!, gradient));
      tf.dispose([dyChunk, given, ...(before === undefined ? [] : [before, next])]);
    }
    return sums!;
  };
  const op = tf.customGrad<Tensor2D>(() => ({value: forward(), gradFunc: gradients}));
  return op(...trained);
}

/** Rows start .. start + count. */
function cut<T extends Tensor>(x: T, start: number, count: number): T {
  const [, ...rest] = x.shape;
  return tf.slice<tf.Rank, T>(x, [start, ...rest.map(() => 0)], [count, ...rest]);
}

/** Gradients of y = f() for an upstream dy, inside a backward pass, whose own tape stays as it was. */
function gradientsOf(f: () => Tensor, variables: readonly tf.Variable[], dy: Tensor): Tensor[] {
  const {state} = tf.engine();
  const outer = state.activeTape;
  try {
    const {value, grads} = tf.engine().gradients(f, [...variables], dy, true);
    value.dispose();
    return grads.map((gradient, i) => gradient ?? tf.zerosLike(variables[i]!));
  } finally {
    state.activeTape = outer;
  }
}
