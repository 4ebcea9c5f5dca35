import {describe, it} from 'vitest';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {linear} from '../../../../src/model/layers/linear.js';
import {lookup} from '../../../../src/model/layers/lookup.js';
import {linearRow, toRows} from '../../../reference/transformer.js';
import {againstOracle, formulaInputs} from '../../../support/against-oracle.js';
import {onEveryEngine} from '../../../support/engines.js';

describe('linear', () => {
  const isItsFormula = againstOracle({
    inputs: formulaInputs({x: [4, 5], 'fc.weight': [3, 5], 'fc.bias': [3]}),
    op: (tensors) => linear(tensors['x'] as Tensor2D, lookup(tensors), 'fc'),
    oracle: (numbers) =>
      toRows(numbers['x']!, 5).flatMap((row) => linearRow(row, numbers['fc.weight']!, numbers['fc.bias']!)),
  });

  onEveryEngine(() => {
    it('is x W^t + b with gradients of all three', isItsFormula);
  });
});
