import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import {startEngine, type EngineName} from '../../src/engine/backend.js';
import {runOnEngine, values} from '../support/engine-case.js';
import {engineCases} from '../support/engine-cases.js';
import {expectClose, float32Tolerance} from '../support/expect-close.js';
import {
  defaultPart,
  distance,
  flatNumbers,
  methodsByTower,
  towers,
  trainOnRandom,
  type Tower,
  type Trained,
} from '../support/method-training.js';

const cases = await methodsByTower();

/** Some steps of a method on a random CLIP, operation by operation, on the engine that runs. */
async function trainOn(name: string, tower: Tower, steps = 3): Promise<Trained> {
  const counts: number[] = [];
  const afterStep = () => counts.push(tf.memory().numTensors);
  const trained = trainOnRandom([await defaultPart(name)], towers[tower], {
    ...{steps, afterStep},
    mode: {capture: false},
  });
  expect(new Set(counts).size, `tensors after each step: ${counts.join(', ')}`).toBe(1);
  return trained;
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
    for (const [i, numbers] of expected.numbers.entries()) {
      expect(Object.keys(got.numbers[i]!.terms)).toEqual(Object.keys(numbers.terms));
      expectClose(
        flatNumbers(got.numbers[i]!),
        flatNumbers(numbers),
        isSmooth ? float32Tolerance : {relative: 1e-3, absolute: 1e-4},
      );
    }
    for (const [name, {data}] of Object.entries(expected.held)) {
      if (isSmooth) expectClose(got.held[name]!.data, data);
      else expect(distance(got.held[name]!.data, data, 0.05), name).toBeLessThan(2e-3);
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
