import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {expect} from 'vitest';
import type {Matrix} from '../reference/matrix.js';
import {numericalGradient} from '../reference/numerical-gradient.js';
import {expectClose, float32Tolerance, type Tolerance} from './expect-close.js';
import {inScope, tensor} from './tape.js';

/** Matrices by name; a number is a matrix of one entry. */
type Named<K extends string, T> = Readonly<Record<K, T>>;

export interface LossValue<K extends string> {
  readonly value: number;
  /** Of the shape of each input; zeros where the loss does not reach it. */
  readonly gradients: Named<K, number[][]>;
}

/** A loss and its gradients with respect to every input, on the engine that runs. */
export function lossAt<K extends string>(
  inputs: Named<K, Matrix>,
  loss: (of: Named<K, Tensor2D>) => Scalar,
): LossValue<K> {
  const names = Object.keys(inputs) as K[];
  const named = <T>(values: readonly T[]) =>
    Object.fromEntries(names.map((name, i) => [name, values[i]!])) as Record<K, T>;
  return inScope(() => {
    const compute = (...tensors: tf.Tensor[]): Scalar => {
      const value = loss(named(tensors) as Record<K, Tensor2D>);
      // plus 0 of everything, so that what the loss does not reach has a gradient of zeros
      return tensors.reduce<Scalar>((sum, input) => tf.add(sum, tf.mul(0, tf.sum(input))), value);
    };
    const at = names.map((name) => tensor(inputs[name]));
    const gradients = tf
      .grads(compute)(at)
      .map((gradient) => gradient.arraySync() as number[][]);
    return {value: compute(...at).arraySync(), gradients: named(gradients)};
  });
}

export interface OracleComparison<K extends string> {
  readonly inputs: Named<K, Matrix>;
  readonly loss: (of: Named<K, Tensor2D>) => Scalar;
  /** The same in float64. */
  readonly oracle: (of: Named<K, Matrix>) => number;
  /** Inputs whose gradients are compared; default: all. */
  readonly differentiated?: readonly NoInfer<K>[];
  readonly tolerance?: Tolerance;
}

/** Holds when value and gradients are those of the oracle, the latter by central differences in float64. */
export function expectLikeOracle<K extends string>({
  inputs,
  loss,
  oracle,
  differentiated = Object.keys(inputs) as K[],
  tolerance = float32Tolerance,
}: OracleComparison<K>): void {
  const {value, gradients} = lossAt(inputs, loss);
  expectClose(value, oracle(inputs));
  for (const name of differentiated) {
    const numerical = numericalGradient((moved) => oracle({...inputs, [name]: moved}), inputs[name]);
    expectClose(gradients[name], numerical, tolerance);
  }
}

/** Holds when the value and every gradient are finite numbers. */
export function expectFinite<K extends string>({value, gradients}: LossValue<K>): void {
  expect(value).toSatisfy(Number.isFinite);
  for (const gradient of Object.values<number[][]>(gradients)) {
    expect(gradient.flat(2)).toSatisfy((entries: number[]) => entries.every(Number.isFinite));
  }
}

/** Holds when a gradient is there and all of it is exactly zero. */
export function expectZero(gradient: readonly (readonly number[])[]): void {
  expect(gradient.flat().length).toBeGreaterThan(0);
  expect(gradient.flat().every((entry) => entry === 0)).toBe(true);
}

/** A gradient is the scale times differences of near-equal rows: its rounding is relative to the scale. */
export function toleranceAt(scale: number): Tolerance {
  return {relative: 1e-4, absolute: Math.max(1e-5, 1e-6 * scale)};
}

/** A number as an input of its own. */
export function one(value: number): Matrix {
  return [[value]];
}

/** exp of an input of one entry. */
export function scaleFrom(logScale: Tensor2D): Scalar {
  return tf.exp(tf.reshape<tf.Rank.R0>(logScale, []));
}
