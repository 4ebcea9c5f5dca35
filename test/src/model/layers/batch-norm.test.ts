import {describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor4D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../../../src/engine/step.js';
import {batchNorm} from '../../../../src/model/layers/batch-norm.js';
import {batchNorm as referenceNorm, moments, relu} from '../../../reference/resnet.js';
import {againstOracle, formulaInputs, toTensors} from '../../../support/against-oracle.js';
import {onEveryEngine} from '../../../support/engines.js';

const shape = [2, 3, 3, 4] as const;
const rows = 18;
const inputs = formulaInputs(
  {x: shape, 'bn.weight': [4], 'bn.bias': [4], 'bn.running_mean': [4], 'bn.running_var': [4]},
  (name, value) => (name.endsWith('var') ? 1 + value / 2 : name === 'x' ? 2 + 3 * value : value),
);
const trained = ['x', 'bn.weight', 'bn.bias'];

function run(tensors: Tensors, training: boolean, withRelu: boolean) {
  const context = {weights: tensors, state: tensors, training};
  return batchNorm(tensors['x'] as Tensor4D, 'bn', context, {relu: withRelu});
}

const normalizes = (training: boolean, withRelu: boolean) =>
  againstOracle({
    inputs,
    differentiated: trained,
    op: (tensors) => run(tensors, training, withRelu).value,
    oracle: (numbers) => {
      const normal = referenceNorm({shape, data: Float64Array.from(numbers['x']!)}, numbers, 'bn', training);
      return (withRelu ? relu(normal) : normal).data;
    },
  });

describe('batchNorm', () => {
  const cases = [true, false].flatMap((training) =>
    [true, false].map((withRelu) => ({training, withRelu, check: normalizes(training, withRelu)})),
  );

  onEveryEngine(() => {
    it.each(cases)(
      'has the values and gradients of its formula, training: $training, relu: $withRelu',
      ({check}) => check(),
    );

    it('moves the running statistics by a tenth, the variance unbiased', () => {
      const {state} = run(toTensors(inputs), true, false);
      const {mean, variance} = moments({shape, data: inputs['x']!.data});
      expect(Object.keys(state)).toEqual(['bn.running_mean', 'bn.running_var']);
      mean.forEach((value, c) => {
        const expected = 0.9 * inputs['bn.running_mean']!.data[c]! + 0.1 * value;
        expect(state['bn.running_mean']!.dataSync()[c]).toBeCloseTo(expected, 5);
      });
      variance.forEach((value, c) => {
        const expected = 0.9 * inputs['bn.running_var']!.data[c]! + (0.1 * value * rows) / (rows - 1);
        expect(state['bn.running_var']!.dataSync()[c]).toBeCloseTo(expected, 5);
      });
    });

    it('leaves the running statistics alone in evaluation mode', () => {
      expect(run(toTensors(inputs), false, false).state).toEqual({});
    });

    it('keeps its variance exact where the mean is large', () => {
      const x = tf.add<Tensor4D>(tf.mul(toTensors(inputs)['x']!, 0.01), 100);
      const {state} = run({...toTensors(inputs), x}, true, false);
      const data = Float64Array.from(x.dataSync());
      const {variance} = moments({shape, data});
      variance.forEach((value, c) => {
        const running = 0.9 * inputs['bn.running_var']!.data[c]!;
        const added = (state['bn.running_var']!.dataSync()[c]! - running) * 10;
        expect(added).toBeCloseTo((value * rows) / (rows - 1), 4);
      });
    });
  });
});
