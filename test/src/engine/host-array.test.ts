import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {dtypeOf, toHostArray, toTensor, toTensors} from '../../../src/engine/host-array.js';
import type {HostArray} from '../../../src/engine/step.js';
import {BugError} from '../../../src/support/errors.js';
import {onEveryEngine} from '../../support/engines.js';

onEveryEngine(() => {
  test.each<[string, HostArray]>([
    ['a float matrix', {shape: [2, 3], data: Float32Array.of(1, -2, 0.5, 1e-30, 3e38, 0)}],
    ['whole numbers', {shape: [3], data: Int32Array.of(-1, 2 ** 30, 7)}],
    ['a scalar', {shape: [], data: Float32Array.of(4)}],
    ['nothing', {shape: [0, 3], data: new Float32Array()}],
  ])('%s comes back as it went', (_, array) => {
    const tensor = toTensor(array);
    expect(tensor.shape).toEqual(array.shape);
    expect(tensor.dtype).toBe(dtypeOf(array.data));
    expect(toHostArray(tensor)).toEqual(array);
    tensor.dispose();
  });

  test('what comes back is a copy', () => {
    const tensor = toTensor({shape: [2], data: Float32Array.of(1, 2)});
    toHostArray(tensor).data[0] = 9;
    expect([...toHostArray(tensor).data]).toEqual([1, 2]);
    tensor.dispose();
  });

  test('entries keep their names', () => {
    const tensors = toTensors({
      a: {shape: [1], data: Float32Array.of(1)},
      b: {shape: [1], data: Int32Array.of(2)},
    });
    expect(Object.entries(tensors).map(([name, {dtype}]) => [name, dtype])).toEqual([
      ['a', 'float32'],
      ['b', 'int32'],
    ]);
    tf.dispose(tensors);
  });

  test('only float32 and int32 have a host array', () => {
    const tensor = tf.tensor1d([1, 0], 'bool');
    expect(() => toHostArray(tensor)).toThrow(
      new BugError('toHostArray: expected a float32 or int32 tensor, got bool'),
    );
    tensor.dispose();
  });
});
