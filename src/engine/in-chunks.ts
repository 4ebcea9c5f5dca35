import * as tf from '@tensorflow/tfjs-core';
import type {GradSaveFunc, Tensor} from '@tensorflow/tfjs-core';
import {after} from './after.js';
import type {Tensors} from './step.js';

export interface ChunkedRows<T extends Tensor> {
  /** Tensors with the same number of rows, cut along their first axis. No gradients reach them. */
  readonly rows: readonly Tensor[];
  /** Rows at a time. */
  readonly size: number;
  /** The weights that `compute` reads. Those that train get gradients. */
  readonly weights: Tensors;
  /** Names of weights that were computed from others, and get gradients too. */
  readonly derived?: ReadonlySet<string> | undefined;
  /** Features [r, ...] of r rows under the weights: a pure function that treats every row by itself. */
  readonly compute: (rows: readonly Tensor[], weights: Tensors) => T;
}

/**
 * Features [n, ...] of n rows, computed a chunk at a time and kept without what their gradients need: that is computed
 * again, chunk by chunk, when the gradients come. Memory is that of one chunk, values and gradients are those of the
 * whole (gradient caching, Gao et al. 2021, arXiv:2101.06983).
 */
export function inChunks<T extends Tensor>({rows, size, weights, derived, compute}: ChunkedRows<T>): T {
  const trained = Object.entries(weights).filter(
    ([name, weight]) => derived?.has(name) === true || (weight instanceof tf.Variable && weight.trainable),
  );
  const n = rows[0]!.shape[0];
  const starts = Array.from({length: Math.ceil(n / size)}, (_, k) => k * size);
  const chunk = (of: readonly Tensor[], start: number, prerequisites: readonly Tensor[]) =>
    of.map((tensor) => cut(after(tensor, prerequisites), start, Math.min(size, n - start)));
  const forward = (): T => {
    let done: T[] = [];
    for (const start of starts) {
      const features = tf.tidy(() => compute(chunk(rows, start, done.slice(-1)), weights));
      done = [...done, features];
    }
    return tf.concat<T>(done, 0);
  };
  if (trained.length === 0) return forward();
  const gradients = (dy: T, saved: readonly Tensor[]): Tensor[] => {
    // computed weights and rows are gone by now, what was saved of them is not
    const kept = saved.slice(0, trained.length);
    const keptRows = saved.slice(trained.length);
    const own = {...weights, ...Object.fromEntries(trained.map(([name], i) => [name, kept[i]!]))};
    let sums: Tensor[] | undefined;
    for (const start of starts) {
      const dyChunk = cut(dy, start, Math.min(size, n - start));
      const given = chunk(keptRows, start, sums ?? [dyChunk]);
      const next = gradientsOf(() => compute(given, own), kept, dyChunk);
      const before = sums;
      sums = before === undefined ? next : next.map((gradient, i) => tf.add(before[i]!, gradient));
      tf.dispose([dyChunk, given, ...(before === undefined ? [] : [before, next])]);
    }
    return sums!;
  };
  const op = tf.customGrad<T>((...args) => {
    (args.at(-1) as GradSaveFunc)([...(args.slice(0, -1) as Tensor[]), ...rows]);
    return {value: forward(), gradFunc: (dy: T, kept: Tensor[]) => gradients(dy, kept)};
  });
  return op(...trained.map(([, weight]) => weight));
}

/** Rows start .. start + count. */
function cut<T extends Tensor>(x: T, start: number, count: number): T {
  const [, ...rest] = x.shape;
  return tf.slice<tf.Rank, T>(x, [start, ...rest.map(() => 0)], [count, ...rest]);
}

/** Gradients of y = f() for an upstream dy, inside a backward pass, whose own tape stays as it was. */
function gradientsOf(f: () => Tensor, variables: readonly Tensor[], dy: Tensor): Tensor[] {
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
