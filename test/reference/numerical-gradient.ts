import type {Matrix} from './matrix.js';

/**
 * Central differences of a float64 function with respect to every entry of a matrix. With step 1e-5 the error is
 * about 1e-10 for functions of order 1, far below what float32 gradients are compared at.
 */
export function numericalGradient(value: (x: Matrix) => number, at: Matrix, step = 1e-5): number[][] {
  return at.map((row, i) =>
    row.map((_, j) => {
      const moved = (by: number) =>
        value(at.map((r, k) => r.map((x, l) => (k === i && l === j ? x + by : x))));
      return (moved(step) - moved(-step)) / (2 * step);
    }),
  );
}

/** The same for a function of one number. */
export function numericalDerivative(value: (x: number) => number, at: number, step = 1e-5): number {
  return (value(at + step) - value(at - step)) / (2 * step);
}
