import {describe, it} from 'vitest';
import type {Tensor4D} from '@tensorflow/tfjs-core';
import {averagePool2} from '../../../../src/model/layers/average-pool.js';
import {halve} from '../../../reference/resnet.js';
import {againstOracle, formulaInputs} from '../../../support/against-oracle.js';
import {onEveryEngine} from '../../../support/engines.js';

describe('averagePool2', () => {
  const shape = [2, 4, 6, 3] as const;
  const averages = againstOracle({
    inputs: formulaInputs({x: shape}),
    op: ({x}) => averagePool2(x as Tensor4D),
    oracle: ({x}) => halve({shape, data: Float64Array.from(x!)}).data,
  });

  onEveryEngine(() => {
    it('is the mean of every 2 x 2 square', averages);
  });
});
