import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, test} from 'vitest';
import {startEngine} from '../../src/engine/backend.js';
import {numericalGradients, runOnEngine, values, type EngineCase} from '../support/engine-case.js';
import {engineCases} from '../support/engine-cases.js';
import {expectClose} from '../support/expect-close.js';

/** The oracle's side of a case, worked out once for all engines. */
const expected = new Map(
  engineCases.map((entry) => {
    const output = entry.reference(...entry.inputs.map(({array}) => array));
    const cotangent = values(output.shape, 999, [0.5, 1.5]).array;
    const gradients = entry.forwardOnly ? [] : numericalGradients(entry, cotangent);
    return [entry, {output, cotangent, gradients}];
  }),
);

test('every case has a name of its own', () => {
  expect(new Set(engineCases.map(({name}) => name)).size).toBe(engineCases.length);
});

describe.each(['tensorflow', 'wasm', 'cpu'] as const)('%s agrees with plain float64 loops', (engine) => {
  beforeAll(async () => {
    expect(await startEngine(engine)).toMatchObject({name: engine});
  });

  test.each(engineCases.map((entry) => [entry.name, entry] as const))('%s', (_, entry: EngineCase) => {
    const {output, cotangent, gradients} = expected.get(entry)!;
    const before = tf.memory().numTensors;
    const got = runOnEngine(entry, cotangent);
    expect(got.shape).toEqual(output.shape);
    expectClose(got.data, output.data);
    expect(got.gradients.length).toBe(gradients.length);
    for (const [i, gradient] of gradients.entries()) expectClose(got.gradients[i]!, gradient);
    expect(tf.memory().numTensors, 'tensors left behind').toBe(before);
  });
});
