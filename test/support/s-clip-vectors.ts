import {readFileSync} from 'node:fs';
import type {Matrix} from '../reference/matrix.js';

/** One published number or array by name, nested as it is in the file. */
export type VectorValues = Readonly<Record<string, unknown>>;

export interface VectorCase {
  readonly id: string;
  readonly inputs: VectorValues;
  readonly expected: VectorValues;
  readonly abs_tol: number;
}

const file = new URL('../../../shared/spec/s-clip-vectors.json', import.meta.url);

/** All cases of s-clip-vectors.json, by id. */
export function readVectors(): ReadonlyMap<string, VectorCase> {
  const {cases} = JSON.parse(readFileSync(file, 'utf8')) as {cases: readonly VectorCase[]};
  return new Map(cases.map((entry) => [entry.id, entry]));
}

export function matrixOf(values: VectorValues, name: string): Matrix {
  return values[name] as Matrix;
}

export function vectorOf(values: VectorValues, name: string): readonly number[] {
  return values[name] as readonly number[];
}

export function numberOf(values: VectorValues, name: string): number {
  return values[name] as number;
}
