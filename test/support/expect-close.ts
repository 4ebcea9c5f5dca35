import {expect} from 'vitest';

/** Numbers, rows of numbers, rows of rows, ... */
export type Nested = number | ArrayLike<number> | readonly Nested[];

export interface Tolerance {
  readonly relative: number;
  readonly absolute: number;
}

/** What float32 results may differ by from float64 ones. */
export const float32Tolerance: Tolerance = {relative: 1e-4, absolute: 1e-5};

/** Holds when every number is within absolute + relative * |expected|, and the shapes agree; reports the worst. */
export function expectClose(actual: Nested, expected: Nested, tolerance: Tolerance = float32Tolerance): void {
  const got = flat(actual);
  const want = flat(expected);
  expect(got.length, 'count of numbers').toBe(want.length);
  const excess = want.map(
    (value, i) => Math.abs(got[i]! - value) / (tolerance.absolute + tolerance.relative * Math.abs(value)),
  );
  const worst = excess.reduce((at, value, i) => (value > excess[at]! || Number.isNaN(value) ? i : at), 0);
  expect(
    excess[worst],
    `number ${worst}: expected ${want[worst]}, got ${got[worst]}; share of the tolerance`,
  ).toBeLessThanOrEqual(1);
}

function flat(values: Nested): number[] {
  if (typeof values === 'number') return [values];
  return Array.from(values as ArrayLike<Nested>).flatMap(flat);
}
