import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../../src/engine/backend.js';
import {capturedStep} from '../../../../src/engine/capture/captured-step.js';
import {eagerStep} from '../../../../src/engine/eager-step.js';
import type {
  CompiledStep,
  CompileOptions,
  HostArray,
  Step,
  StepNumbers,
} from '../../../../src/engine/step.js';
import type {CaseInput} from '../../../support/engine-case.js';
import {engineCases} from '../../../support/engine-cases.js';
import {expectClose} from '../../../support/expect-close.js';

const hostArray = ({dtype, array}: CaseInput): HostArray => ({
  shape: [...array.shape],
  data: dtype === 'int32' ? Int32Array.from(array.data) : Float32Array.from(array.data),
});

/** Every input of every case: float ones are weights, whole numbers are the batch. */
const inputs = engineCases.flatMap((entry, c) =>
  entry.inputs.map((input, i) => ({entry, name: `case${c}/x${i}`, input})),
);
const arrays = (dtype: CaseInput['dtype']): Record<string, HostArray> =>
  Object.fromEntries(
    inputs.filter(({input}) => input.dtype === dtype).map(({name, input}) => [name, hostArray(input)]),
  );

/** All cases as one step: each is a term, its outputs weighed unevenly so that gradients differ by place. */
const step: Step = (weights, _state, batch) => {
  const terms = engineCases.map((entry, c): [string, Scalar] => {
    const given = entry.inputs.map(
      (_input, i) => (weights[`case${c}/x${i}`] ?? batch[`case${c}/x${i}`]) as Tensor,
    );
    const values = tf.reshape(tf.cast(entry.apply(...given), 'float32'), [-1]);
    const ramp = tf.tensor1d(Float32Array.from({length: values.size}, (_value, i) => 0.5 + (i % 7) / 7));
    return [entry.name, tf.sum(tf.mul(values, ramp))];
  });
  const differentiable = terms.filter((_term, c) => !engineCases[c]!.forwardOnly).map(([, value]) => value);
  return {loss: tf.addN(differentiable), terms: Object.fromEntries(terms), state: {}};
};

const options: CompileOptions = {
  weights: arrays('float32'),
  trained: new Set(
    inputs.filter(({entry, input}) => input.dtype === 'float32' && !entry.forwardOnly).map(({name}) => name),
  ),
  decayed: new Set(),
  state: {},
  optimizer: {beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0},
  clamped: {},
};

describe('every operation of the conformance suite', () => {
  const results: Record<'eager' | 'captured', {numbers: StepNumbers; compiled: CompiledStep}> = {} as never;

  beforeAll(async () => {
    await startEngine('tensorflow');
    for (const [kind, make] of [
      ['eager', eagerStep],
      ['captured', capturedStep],
    ] as const) {
      const compiled = make(step, options);
      results[kind] = {compiled, numbers: compiled.run(arrays('int32'), {learningRate: 1e-3, step: 1})};
    }
  });

  it('has the same value in a captured step as in an eager one', () => {
    const {eager, captured} = results;
    expect(Object.keys(captured.numbers.terms)).toEqual(engineCases.map(({name}) => name));
    for (const {name} of engineCases) {
      expectClose([captured.numbers.terms[name]!], [eager.numbers.terms[name]!]);
    }
  });

  it('has the same gradients, read from the first moments', () => {
    const {eager, captured} = results;
    expect(captured.compiled.names()).toEqual(eager.compiled.names());
    for (const name of options.trained) {
      const moment = `moment1/${name}`;
      expectClose([...captured.compiled.read(moment).data], [...eager.compiled.read(moment).data]);
    }
  });
});
