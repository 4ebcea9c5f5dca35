import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {expect} from 'vitest';
import {sizeOf} from '../../src/model/parameter-shapes.js';
import type {Numbers} from '../reference/transformer.js';
import {formulaSigned} from './formula-weights.js';

/** Inputs of an operation by name, float64 numbers in their shapes. */
export type Inputs = Readonly<
  Record<string, {readonly shape: readonly number[]; readonly data: Float64Array}>
>;

export interface OracleCase {
  readonly inputs: Inputs;
  readonly op: (tensors: Readonly<Record<string, Tensor>>) => Tensor;
  /** The same from float64 numbers, as a flat list. */
  readonly oracle: (numbers: Numbers) => ArrayLike<number>;
  /** Inputs whose gradients are compared; all by default. */
  readonly differentiated?: readonly string[];
}

/** Inputs with numbers in [-1, 1) by formula, changed by `adjust`. */
export function formulaInputs(
  shapes: Readonly<Record<string, readonly number[]>>,
  adjust: (name: string, value: number) => number = (_, value) => value,
): Inputs {
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const data = formulaSigned(name, sizeOf(shape)).map((value) => Math.fround(adjust(name, value)));
    return [name, {shape, data}] as const;
  });
  return Object.fromEntries(entries);
}

/**
 * A test that holds an operation to its oracle: values, and the gradients of the inner product with fixed numbers to
 * central differences of the oracle in float64. Tolerance: relative 1e-4 (of the largest entry) plus absolute 1e-5.
 * The oracle runs once, when the test first runs, however many engines the test runs on.
 */
export function againstOracle({
  inputs,
  op,
  oracle,
  differentiated = Object.keys(inputs),
}: OracleCase): () => void {
  const numbers = Object.fromEntries(Object.entries(inputs).map(([name, {data}]) => [name, data]));
  const expectations = once(() => {
    const value = oracle(numbers);
    const probe = formulaSigned('probe', value.length);
    const gradients = differentiated.map((name) => numericGradient(numbers, name, oracle, probe));
    return {value, probe, gradients};
  });
  return () => {
    const expected = expectations();
    tf.tidy(() => {
      const tensors = toTensors(inputs);
      expectClose('value', op(tensors).dataSync(), expected.value);
      const weigh = (...chosen: Tensor[]): tf.Scalar => {
        const given = Object.fromEntries(differentiated.map((name, i) => [name, chosen[i]!]));
        const output = op({...tensors, ...given});
        return tf.sum(tf.mul(output, tf.tensor(Float32Array.from(expected.probe), output.shape)));
      };
      const gradients = tf.grads(weigh)(differentiated.map((name) => tensors[name]!));
      differentiated.forEach((name, i) => {
        expect(gradients[i]!.shape).toEqual(inputs[name]!.shape);
        expectClose(`gradient of ${name}`, gradients[i]!.dataSync(), expected.gradients[i]!);
      });
    });
  };
}

/** The inputs on the current engine; the caller disposes them. */
export function toTensors(inputs: Inputs): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(inputs).map(([name, {shape, data}]) => [
      name,
      tf.tensor(Float32Array.from(data), [...shape]),
    ]),
  );
}

function once<T>(compute: () => T): () => T {
  let computed: {readonly value: T} | undefined;
  return () => (computed ??= {value: compute()}).value;
}

function numericGradient(
  numbers: Readonly<Record<string, Float64Array>>,
  name: string,
  oracle: OracleCase['oracle'],
  probe: Float64Array,
): number[] {
  const step = 1e-5;
  const weighed = (data: Float64Array): number => {
    const output = oracle({...numbers, [name]: data});
    return probe.reduce((sum, value, i) => sum + value * output[i]!, 0);
  };
  return Array.from(numbers[name]!, (value, i) => {
    const [up, down] = [value + step, value - step].map((moved) => weighed(numbers[name]!.with(i, moved)));
    return (up! - down!) / (2 * step);
  });
}

function expectClose(what: string, actual: ArrayLike<number>, expected: ArrayLike<number>): void {
  expect(actual.length, `${what}: length`).toBe(expected.length);
  const largest = Math.max(...Array.from(expected, Math.abs));
  const worst = Math.max(...Array.from(expected, (value, i) => Math.abs(actual[i]! - value)));
  expect(worst, `${what}: largest difference`).toBeLessThan(1e-4 * largest + 1e-5);
}
