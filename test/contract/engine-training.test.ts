import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import {startEngine, type EngineName} from '../../src/engine/backend.js';
import {eagerStep} from '../../src/engine/eager-step.js';
import type {HostArray, StepNumbers} from '../../src/engine/step.js';
import {listMethods, loadMethod} from '../../src/methods/contract/load-method.js';
import {methodStep} from '../../src/methods/contract/method-step.js';
import {clipBatch, clipOptions} from '../support/engine-clip.js';
import {runOnEngine, values} from '../support/engine-case.js';
import {engineCases} from '../support/engine-cases.js';
import {expectClose, float32Tolerance} from '../support/expect-close.js';
import {tinyResNet, tinyVit} from '../support/tiny-clip.js';

const configs = {vit: tinyVit, resnet: tinyResNet} as const;
const methods = await listMethods();
const cases = methods.flatMap((method) =>
  (['vit', 'resnet'] as const).map((tower) => [method, tower] as const),
);
interface Trained {
  readonly numbers: readonly StepNumbers[];
  readonly held: Readonly<Record<string, HostArray>>;
}

/** Some steps of a method on a random CLIP, operation by operation, on the engine that runs. */
async function trainOn(name: string, tower: keyof typeof configs, steps = 3): Promise<Trained> {
  const method = await loadMethod(name);
  const config = configs[tower];
  const compiled = eagerStep(methodStep(method, method.params.parse({}), config), clipOptions(config));
  try {
    const numbers: StepNumbers[] = [];
    const counts: number[] = [];
    for (let step = 0; step < steps; step++) {
      numbers.push(
        compiled.run(clipBatch(config, method.needs, step), {learningRate: 0.001, step: step + 1}),
      );
      counts.push(tf.memory().numTensors);
    }
    expect(new Set(counts).size, `tensors after each step: ${counts.join(', ')}`).toBe(1);
    return {numbers, held: Object.fromEntries(compiled.names().map((key) => [key, compiled.read(key)]))};
  } finally {
    compiled.dispose();
  }
}

/** Euclidean distance as a share of the expected length; of tiny arrays as it is. */
function distance(got: ArrayLike<number>, expected: ArrayLike<number>): number {
  const length = (values: readonly number[]) => Math.hypot(...values);
  const want = Array.from(expected);
  return length(want.map((value, i) => got[i]! - value)) / Math.max(length(want), 0.05);
}

const onTensorFlow = new Map<string, Trained>();

beforeAll(async () => {
  await startEngine('tensorflow');
  for (const [method, tower] of cases) onTensorFlow.set(`${method} ${tower}`, await trainOn(method, tower));
});

describe.each(['wasm', 'cpu'] as const)('on %s three steps end where TensorFlow ends', (engine) => {
  beforeAll(() => startEngine(engine));

  test.each(cases)('%s, %s', async (method, tower) => {
    const expected = onTensorFlow.get(`${method} ${tower}`)!;
    const got = await trainOn(method, tower);
    // a pixel that rounding moves across a kink of relu changes its own numbers at once, the whole hardly
    const isSmooth = tower === 'vit';
    for (const [i, {loss, gradientNorm, terms}] of expected.numbers.entries()) {
      const {terms: gotTerms, ...rest} = got.numbers[i]!;
      expect(Object.keys(gotTerms)).toEqual(Object.keys(terms));
      expectClose(
        [rest.loss, rest.gradientNorm, ...Object.values(gotTerms)],
        [loss, gradientNorm, ...Object.values(terms)],
        isSmooth ? float32Tolerance : {relative: 1e-3, absolute: 1e-4},
      );
    }
    for (const [name, {data}] of Object.entries(expected.held)) {
      if (isSmooth) expectClose(got.held[name]!.data, data);
      else expect(distance(got.held[name]!.data, data), name).toBeLessThan(2e-3);
    }
  });
});

/** Names of the kernels that run, on an engine, while a function does. */
async function kernelsOf(engine: EngineName, run: () => Promise<void> | void): Promise<Set<string>> {
  const ran = new Set<string>();
  const kernels = tf.getKernelsForBackend(engine);
  const funcs = kernels.map(({kernelFunc}) => kernelFunc);
  for (const [i, kernel] of kernels.entries()) {
    kernel.kernelFunc = (args) => {
      ran.add(kernel.kernelName);
      return funcs[i]!(args);
    };
  }
  try {
    await run();
  } finally {
    for (const [i, kernel] of kernels.entries()) kernel.kernelFunc = funcs[i]!;
  }
  return ran;
}

test('the conformance table holds every kernel that a training step runs', async () => {
  await startEngine('tensorflow');
  const table = await kernelsOf('tensorflow', () => {
    for (const entry of engineCases) {
      const {shape} = entry.reference(...entry.inputs.map(({array}) => array));
      runOnEngine(entry, values(shape, 1).array);
    }
  });
  const trained = await kernelsOf('tensorflow', async () => {
    for (const [method, tower] of cases) await trainOn(method, tower, 1);
  });
  expect(trained.size).toBeGreaterThan(20);
  expect([...trained].filter((kernel) => !table.has(kernel))).toEqual([]);
});
