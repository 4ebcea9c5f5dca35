import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import {uniform} from '../../src/engine/random.js';
import {sizeOf, type NdArray} from '../reference/nd-ops.js';

/** An input of a conformance case: float32 values, or whole numbers, which have no gradient. */
export interface CaseInput {
  readonly dtype: 'float32' | 'int32';
  readonly array: NdArray;
}

/** One operation, or a short chain of them, with its meaning in plain loops. */
export interface EngineCase {
  readonly name: string;
  readonly inputs: readonly CaseInput[];
  apply(...inputs: Tensor[]): Tensor;
  reference(...inputs: NdArray[]): NdArray;
  /** For what has no gradient in tfjs, or in mathematics. */
  readonly forwardOnly?: true;
}

/** Values in [from, to), exact in float32, the same in every run. */
export function values(shape: readonly number[], seed: number, [from, to] = [-2, 2]): CaseInput {
  const data = Float64Array.from({length: sizeOf(shape)}, (_, i) =>
    Math.fround(from + (to - from) * uniform(seed, i)),
  );
  return {dtype: 'float32', array: {shape, data}};
}

/** Values at least `gap` away from every kink. */
export function valuesAwayFrom(kinks: readonly number[], shape: readonly number[], seed: number): CaseInput {
  const gap = 0.05;
  const {array} = values(shape, seed);
  const data = array.data.map((value) => {
    const kink = kinks.find((k) => Math.abs(value - k) < gap);
    return kink === undefined ? value : Math.fround(kink + 2 * gap);
  });
  return {dtype: 'float32', array: {shape, data}};
}

export function given(shape: readonly number[], data: readonly number[]): CaseInput {
  return {dtype: 'float32', array: {shape, data: Float64Array.from(data)}};
}

export function whole(shape: readonly number[], data: readonly number[]): CaseInput {
  return {dtype: 'int32', array: {shape, data: Float64Array.from(data)}};
}

export function inputTensor({dtype, array}: CaseInput): Tensor {
  const data = dtype === 'int32' ? Int32Array.from(array.data) : Float32Array.from(array.data);
  return tf.tensor(data, [...array.shape], dtype);
}

/** The case's output, its shape, and the gradients of (output . cotangent) by its float inputs. */
export function runOnEngine(entry: EngineCase, cotangent: NdArray) {
  return tf.tidy(() => {
    const inputs = entry.inputs.map(inputTensor);
    const output = entry.apply(...inputs);
    const result = {shape: output.shape, data: [...output.dataSync()], gradients: [] as number[][]};
    if (entry.forwardOnly) return result;
    const floats = inputs.filter((input) => input.dtype === 'float32');
    const weights = inputTensor({dtype: 'float32', array: cotangent});
    const gradients = tf.grads((...moving: Tensor[]) => {
      const rest = [...moving];
      const all = inputs.map((input) => (input.dtype === 'float32' ? rest.shift()! : input));
      return tf.sum(tf.mul(entry.apply(...all), weights));
    })(floats);
    return {...result, gradients: gradients.map((gradient) => [...gradient.dataSync()])};
  });
}

/** The same gradients by central differences of the reference, in float64. */
export function numericalGradients(entry: EngineCase, cotangent: NdArray): number[][] {
  const step = 1e-5;
  const arrays = entry.inputs.map(({array}) => array);
  const total = () =>
    entry.reference(...arrays).data.reduce((sum, value, i) => sum + value * cotangent.data[i]!, 0);
  return entry.inputs
    .filter(({dtype}) => dtype === 'float32')
    .map(({array: {data}}) =>
      Array.from(data, (value, i) => {
        data[i] = value + step;
        const above = total();
        data[i] = value - step;
        const below = total();
        data[i] = value;
        return (above - below) / (2 * step);
      }),
    );
}
