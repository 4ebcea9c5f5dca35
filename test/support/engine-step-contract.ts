import * as tf from '@tensorflow/tfjs-core';
import {beforeEach, describe, expect, test} from 'vitest';
import type {CompiledStep, CompileOptions, Step, StepOutput} from '../../src/engine/step.js';
import {BugError, exitCodes, UserError} from '../../src/support/errors.js';
import {regressionPath} from '../reference/regression.js';
import {
  features,
  floats,
  regressionArrays,
  regressionBatch,
  regressionOptions,
  regressionStep,
  regressionWeights,
} from './engine-steps.js';
import {expectClose} from './expect-close.js';

const rates = [0.02, 0.05, 0.05, 0.03, 0.01];
const ridge = 0.25;

function runAll(compiled: CompiledStep) {
  return rates.map((learningRate, i) =>
    compiled.run(regressionArrays(regressionBatch(i)), {learningRate, step: i + 1, ridge}),
  );
}

function expectedPath(clipNorm?: number) {
  return regressionPath({
    start: {slope: [0.5, -0.25, 0.75], offset: Math.fround(0.1), scale: Math.fround(0.45)},
    frozen: Math.fround(0.3),
    ridge,
    batches: rates.map((_, i) => regressionBatch(i)),
    rates,
    settings: {beta1: 0.9, beta2: 0.98, epsilon: 1e-6, decay: 0.1},
    bounds: [0, 0.5],
    ...(clipNorm !== undefined && {clipNorm}),
  });
}

/** Everything held, by name. */
function snapshot(compiled: CompiledStep): Record<string, number[]> {
  return Object.fromEntries(compiled.names().map((name) => [name, [...compiled.read(name).data]]));
}

/** What every way to run a step promises, as tests on the engine that runs. */
export function compiledStepContract(compile: (step: Step, options: CompileOptions) => CompiledStep): void {
  test.each([undefined, 0.5])('five steps follow the float64 loop, gradients clipped to %s', (clipNorm) => {
    const compiled = compile(regressionStep, {...regressionOptions, ...(clipNorm && {clipNorm})});
    const expected = expectedPath(clipNorm);
    const numbers = runAll(compiled);
    for (const [i, got] of numbers.entries()) {
      const want = expected[i]!.numbers;
      expectClose(
        [got.loss, got.terms['fit']!, got.terms['ridge']!, got.gradientNorm],
        [want.loss, want.terms.fit, want.terms.ridge, want.gradientNorm],
      );
    }
    const {fit} = expected.at(-1)!;
    expectClose(compiled.read('weights/slope').data, fit.slope);
    expectClose(compiled.read('weights/offset').data, [fit.offset]);
    expectClose(compiled.read('weights/logit_scale').data, [fit.scale]);
    compiled.dispose();
  });

  test('state moves on by the step, what the step leaves out stays', () => {
    const compiled = compile(regressionStep, regressionOptions);
    runAll(compiled);
    const mean = rates.reduce(
      (held, _, i) => {
        const {inputs} = regressionBatch(i);
        return held.map(
          (value, j) => 0.9 * value + (0.1 * inputs.reduce((sum, row) => sum + row[j]!, 0)) / 4,
        );
      },
      [0, 0, 0],
    );
    expectClose(compiled.read('state/mean').data, mean);
    expect([...compiled.read('state/untouched').data]).toEqual([7]);
    compiled.dispose();
  });

  test('frozen weights stay, unreached ones too, and those with a zero gradient decay alone', () => {
    const compiled = compile(regressionStep, regressionOptions);
    runAll(compiled);
    expect([...compiled.read('weights/frozen').data]).toEqual([...regressionWeights['frozen']!.data]);
    expect([...compiled.read('weights/unreached').data]).toEqual([5, 6]);
    const kept = rates.reduce((share, rate) => share * (1 - rate * 0.1), 1);
    expectClose(compiled.read('weights/idle').data, [2 * kept, 4 * kept], {relative: 1e-6, absolute: 0});
    compiled.dispose();
  });

  test('a step leaves no tensor behind, and dispose leaves none at all', () => {
    const before = tf.memory().numTensors;
    const compiled = compile(regressionStep, regressionOptions);
    const held = tf.memory().numTensors;
    runAll(compiled);
    expect(tf.memory().numTensors).toBe(held);
    compiled.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });

  describe('a loss or gradient that is not finite', () => {
    let compiled: CompiledStep;
    const poisoned = (value: number) => {
      const batch = regressionBatch(0);
      return regressionArrays({...batch, targets: batch.targets.with(2, value)});
    };
    const failure = (run: () => unknown): UserError => {
      try {
        run();
      } catch (error) {
        return error as UserError;
      }
      throw new Error('expected a failure, got none');
    };

    beforeEach(() => {
      compiled = compile(regressionStep, regressionOptions);
      compiled.run(regressionArrays(regressionBatch(0)), {learningRate: 0.01, step: 1, ridge});
      return () => compiled.dispose();
    });

    test('in a term: names the step and the term, and nothing is updated', () => {
      const before = snapshot(compiled);
      const tensors = tf.memory().numTensors;
      const error = failure(() => compiled.run(poisoned(NaN), {learningRate: 0.01, step: 2, ridge}));
      expect(error).toBeInstanceOf(UserError);
      expect(error.message).toBe('step 2: expected a finite loss, got NaN (term fit is NaN)');
      expect(error.exit).toBe(exitCodes.numerical);
      expect(error.tryThis).toContain('--lr');
      expect(snapshot(compiled)).toEqual(before);
      expect(tf.memory().numTensors).toBe(tensors);
    });

    test('in the sum of finite terms', () => {
      const error = failure(() =>
        compiled.run(regressionArrays(regressionBatch(1)), {learningRate: 0.01, step: 7, ridge: Infinity}),
      );
      expect(error.message).toBe('step 7: expected a finite loss, got Infinity (each term is finite)');
    });

    test('in a gradient alone: names the weight, and nothing is updated', () => {
      // the square root's slope is infinite at 0, its value is not
      const step: Step = ({rooted, other}) => {
        const loss = tf.add<tf.Scalar>(tf.sum(tf.sqrt(rooted!)), tf.sum(other!));
        return {loss, terms: {all: loss}, state: {}};
      };
      const steep = compile(step, {
        ...regressionOptions,
        ...{weights: {other: floats([1], [1]), rooted: floats([2], [1, 0])}, state: {}, clamped: {}},
        ...{trained: new Set(['other', 'rooted']), decayed: new Set()},
      });
      const before = snapshot(steep);
      const error = failure(() => steep.run({}, {learningRate: 0.1, step: 3}));
      expect(error.message).toBe('step 3: expected a finite gradient, got Infinity (first in rooted)');
      expect(snapshot(steep)).toEqual(before);
      steep.dispose();
    });

    test('in the norm alone: finite gradients whose squares are not', () => {
      const step: Step = ({x}) => {
        const loss = tf.sum<tf.Scalar>(tf.mul(x!, 1e25));
        return {loss, terms: {}, state: {}};
      };
      const options = {weights: {x: floats([1], [1])}, state: {}, clamped: {}, trained: new Set(['x'])};
      const long = compile(step, {...regressionOptions, ...options, decayed: new Set()});
      expect(failure(() => long.run({}, {learningRate: 0.1, step: 1})).message).toBe(
        'step 1: expected a finite gradient, got Infinity (each gradient is finite, their squares are not)',
      );
      long.dispose();
    });
  });

  test('what is written is read back, and steps go on from it with the same bits', () => {
    const whole = compile(regressionStep, regressionOptions);
    runAll(whole);
    const first = compile(regressionStep, regressionOptions);
    const scalars = (i: number) => ({learningRate: rates[i]!, step: i + 1, ridge});
    for (const i of [0, 1]) first.run(regressionArrays(regressionBatch(i)), scalars(i));
    const second = compile(regressionStep, regressionOptions);
    for (const name of first.names()) second.write(name, first.read(name));
    for (const i of [2, 3, 4]) second.run(regressionArrays(regressionBatch(i)), scalars(i));
    expect(snapshot(second)).toEqual(snapshot(whole));
    for (const compiled of [whole, first, second]) compiled.dispose();
  });

  test('holds copies from the first step on: neither the arrays it was given nor those it gave are its own', () => {
    const given = floats([features], [1, 2, 3]);
    const compiled = compile(regressionStep, {
      ...regressionOptions,
      weights: {...regressionWeights, slope: given},
    });
    compiled.read('weights/slope').data[1] = 99;
    expect([...compiled.read('weights/slope').data]).toEqual([1, 2, 3]);
    compiled.run(regressionArrays(regressionBatch(0)), {learningRate: 0.01, step: 1, ridge});
    const stepped = [...compiled.read('weights/slope').data];
    given.data[0] = 99;
    expect([...compiled.read('weights/slope').data]).toEqual(stepped);
    const written = floats([features], [4, 5, 6]);
    compiled.write('weights/slope', written);
    written.data[2] = 99;
    expect([...compiled.read('weights/slope').data]).toEqual([4, 5, 6]);
    compiled.dispose();
  });

  test('names: all weights and state, moments of the trained weights only', () => {
    const compiled = compile(regressionStep, regressionOptions);
    const names = ['slope', 'offset', 'logit_scale', 'unreached', 'idle'];
    expect([...compiled.names()].sort()).toEqual(
      [
        ...Object.keys(regressionWeights).map((name) => `weights/${name}`),
        ...names.flatMap((name) => [`moment1/${name}`, `moment2/${name}`]),
        ...['state/mean', 'state/untouched'],
      ].sort(),
    );
    compiled.dispose();
  });

  test('broken promises are named', () => {
    const compiled = compile(regressionStep, regressionOptions);
    const bug = (message: string) => new BugError(message);
    expect(() => compiled.read('weights/nothing')).toThrow(
      bug('compiled step: expected a name that it holds, got weights/nothing'),
    );
    expect(() => compiled.write('weights/slope', floats([2], [1, 2]))).toThrow(
      bug('compiled step: weights/slope: expected float32 [3], got float32 [2]'),
    );
    expect(() => compiled.write('weights/slope', {shape: [3], data: Int32Array.of(1, 2, 3)})).toThrow(
      bug('compiled step: weights/slope: expected float32 [3], got int32 [3]'),
    );
    expect(() => compiled.run(regressionArrays(regressionBatch(0)), {step: 1, ridge})).toThrow(
      bug('compiled step: expected the scalar learningRate, got none'),
    );
    compiled.dispose();
  });

  test.each<[string, (output: StepOutput) => StepOutput, string]>([
    [
      'a loss that is no scalar',
      (output) => ({...output, loss: tf.reshape(output.loss, [1]) as unknown as tf.Scalar}),
      'step: expected a loss of shape [], got [1]',
    ],
    [
      'a state that is not held',
      (output) => ({...output, state: {bank: tf.zeros([2])}}),
      'step: expected state bank as not there, got float32 [2]',
    ],
    [
      'a state of another shape',
      (output) => ({...output, state: {mean: tf.zeros([2])}}),
      'step: expected state mean as float32 [3], got float32 [2]',
    ],
    [
      'an error of its own',
      () => {
        throw new BugError('step: expected good weather, got rain');
      },
      'step: expected good weather, got rain',
    ],
  ])('a step with %s is named and leaves nothing behind', (_, spoil, message) => {
    const step: Step = (...given) => spoil(regressionStep(...given));
    const compiled = compile(step, regressionOptions);
    const before = snapshot(compiled);
    const tensors = tf.memory().numTensors;
    const run = () =>
      compiled.run(regressionArrays(regressionBatch(0)), {learningRate: 0.01, step: 1, ridge});
    expect(run).toThrow(new BugError(message));
    expect(snapshot(compiled)).toEqual(before);
    expect(tf.memory().numTensors).toBe(tensors);
    compiled.dispose();
  });
}
