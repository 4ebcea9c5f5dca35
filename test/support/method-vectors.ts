import {readFileSync} from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor, Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import {expect} from 'vitest';
import type {PairedFeatures} from '../../src/losses/contrastive.js';
import {unitRows} from '../../src/model/unit-rows.js';
import {expectClose, type Nested} from './expect-close.js';
import type {VectorCase, VectorValues} from './s-clip-vectors.js';

interface MethodVectors {
  readonly meta: {readonly shared: VectorValues};
  readonly cases: readonly VectorCase[];
}

const file = new URL('../../../shared/spec/method-vectors.json', import.meta.url);

/** All cases of method-vectors.json by id, each with the shared raw matrices among its inputs. */
export function readMethodVectors(): ReadonlyMap<string, VectorCase> {
  const {meta, cases} = JSON.parse(readFileSync(file, 'utf8')) as MethodVectors;
  return new Map(cases.map((entry) => [entry.id, {...entry, inputs: {...meta.shared, ...entry.inputs}}]));
}

/** Inputs by name as tensors, on the tape where they are differentiated. */
export type Lookup = <T extends Tensor = Tensor2D>(name: string) => T;

export interface LossOptions {
  /** Where the case keeps the gradient with respect to an input, its name in place of the star. */
  readonly gradients?: string;
  /** Inputs that are differentiated; without a gradient in the case they are not. */
  readonly of?: readonly string[];
  /** Tensors in place of inputs of the case. */
  readonly given?: Readonly<Record<string, Tensor>>;
}

/** A case, and comparisons with what it expects; each expected entry must be compared once at least. */
export interface MethodCase {
  readonly inputs: VectorValues;
  readonly tensor: Lookup;
  readonly number: (name: string) => number;
  /** Compares a result with an expected entry, to the tolerance of float32. */
  readonly close: (name: string, actual: Tensor | Nested) => void;
  /** Compares a loss with an expected entry (none for null), and its gradients with those of the case. */
  readonly loss: (name: string | null, compute: (of: Lookup) => Scalar, options?: LossOptions) => void;
  /** Gradients of a loss with respect to inputs of the case. */
  readonly gradients: (names: readonly string[], compute: (of: Lookup) => Scalar) => Nested[];
}

export type MethodCaseTest = (given: MethodCase) => void;

const differentiated = ['image_raw', 'text_raw', 'logit_scale_param'];

/** Runs the test of a case; fails when it leaves an expected entry uncompared. */
export function runMethodCase({inputs, expected}: VectorCase, test: MethodCaseTest): void {
  const compared = new Set<string>();
  const tensor: Lookup = <T extends Tensor>(name: string): T => {
    if (inputs[name] === undefined) throw new Error(`no input ${name}`);
    return tf.tensor(inputs[name] as number[]) as T;
  };
  const close = (name: string, actual: Tensor | Nested) => {
    if (expected[name] === undefined) throw new Error(`nothing expected under ${name}`);
    compared.add(name);
    const values = actual instanceof tf.Tensor ? (actual.arraySync() as Nested) : actual;
    expectClose(values, expected[name] as Nested);
  };
  const taped = (names: readonly string[], given: Readonly<Record<string, Tensor>>) => {
    const at = names.map((name) => given[name] ?? tensor<Tensor>(name));
    const lookup =
      (tensors: readonly Tensor[]): Lookup =>
      <T extends Tensor>(name: string): T =>
        (tensors[names.indexOf(name)] ?? given[name] ?? tensor<T>(name)) as T;
    return {at, lookup};
  };
  const gradientsAt = (compute: (of: Lookup) => Scalar, {at, lookup}: ReturnType<typeof taped>): Nested[] =>
    tf
      .grads((...tensors) => compute(lookup(tensors)))([...at])
      .map((gradient) => gradient.arraySync() as Nested);
  test({
    inputs,
    tensor,
    close,
    number: (name) => inputs[name] as number,
    gradients: (names, compute) => gradientsAt(compute, taped(names, {})),
    loss: (name, compute, {gradients = 'grad_*', of = differentiated, given = {}} = {}) => {
      const keyOf = (input: string) => gradients.replace('*', input);
      const names = of.filter((input) => expected[keyOf(input)] !== undefined);
      const tape = taped(names, given);
      if (name !== null) close(name, compute(tape.lookup(tape.at)));
      if (names.length === 0) return;
      gradientsAt(compute, tape).forEach((gradient, i) => close(keyOf(names[i]!), gradient));
    },
  });
  expect([...compared].sort(), 'what was compared').toEqual(Object.keys(expected).sort());
}

/** Rows of unit length of two raw inputs, as the pairs of a loss. */
export function pairsOf(of: Lookup, image = 'image_raw', text = 'text_raw'): PairedFeatures {
  return {images: unitRows(of(image)), texts: unitRows(of(text))};
}

/** exp of a log scale among the inputs. */
export function scaleOf(of: Lookup, name = 'logit_scale_param'): Scalar {
  return tf.exp(of<Scalar>(name));
}

/** Tokens of unit length: [n, t, d] -> [n, t, d]. */
export function unitTokens(tokens: Tensor3D): Tensor3D {
  const [n, t, d] = tokens.shape;
  return tf.reshape(unitRows(tf.reshape(tokens, [n * t, d])), [n, t, d]);
}
