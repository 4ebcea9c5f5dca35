import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {compileForward} from '../../../src/engine/compile-forward.js';
import type {Forward} from '../../../src/engine/forward.js';
import type {HostArray} from '../../../src/engine/step.js';
import {BugError} from '../../../src/support/errors.js';
import {expectClose} from '../../support/expect-close.js';

const floats = (shape: readonly number[], ...values: readonly number[]): HostArray => ({
  shape,
  data: Float32Array.from(values),
});

/** x W + table[id] - mean, row by row. */
const forward: Forward = (weights, state, {x, id}) =>
  tf.sub(
    tf.add(tf.matMul(x as tf.Tensor2D, weights['w'] as tf.Tensor2D), tf.gather(weights['table']!, id!)),
    state['mean']!,
  );

const held = {
  weights: {w: floats([2, 2], 1, 2, 3, 4), table: floats([3, 2], 0, 0, 10, 20, 30, 40)},
  state: {mean: floats([2], 0.5, 0.25)},
};
const batch = (...ids: readonly number[]) => ({
  x: floats([ids.length, 2], ...ids.flatMap((id, row) => [row + 1, id - 1])),
  id: {shape: [ids.length], data: Int32Array.from(ids)},
});
const expected = (...ids: readonly number[]) =>
  ids.flatMap((id, row) => {
    const [a, b] = [row + 1, id - 1];
    return [a + 3 * b + [0, 10, 30][id]! - 0.5, 2 * a + 4 * b + [0, 20, 40][id]! - 0.25];
  });

describe.each([true, false])('a compiled function, captured: %s', (capture) => {
  beforeAll(() => startEngine('tensorflow'));

  it('gives each row its value: in full, smaller and larger batches in any order', () => {
    const compiled = compileForward(forward, held, {capture});
    for (const ids of [[0, 1, 2], [2], [1, 1], [2, 1, 0, 1, 2], [0, 2]]) {
      const {shape, data} = compiled.run(batch(...ids));
      expect(shape).toEqual([ids.length, 2]);
      expectClose(data, expected(...ids));
    }
    compiled.dispose();
  });

  it('leaves no tensor behind', () => {
    const before = tf.memory().numTensors;
    const compiled = compileForward(forward, held, {capture});
    compiled.run(batch(0, 1));
    compiled.run(batch(1));
    compiled.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('a captured function', () => {
  beforeAll(() => startEngine('tensorflow'));

  it('refuses entries with different numbers of rows', () => {
    const compiled = compileForward(forward, held, {capture: true});
    expect(() =>
      compiled.run({x: floats([1, 2], 1, 2), id: {shape: [2], data: Int32Array.of(0, 1)}}),
    ).toThrow(new BugError('compiled forward: expected entries with the same rows, got 1, 2'));
  });

  it('takes products in bfloat16 only where a function allows it', () => {
    const rounded = floats([1, 2], 1.001, 0);
    const compiled = compileForward(forward, held, {capture: true, precision: 'bf16'});
    expectClose(compiled.run({x: rounded, id: {shape: [1], data: Int32Array.of(0)}}).data, [0.501, 1.752]);
    compiled.dispose();
  });
});
