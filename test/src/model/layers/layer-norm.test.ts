import {describe, it} from 'vitest';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {layerNorm} from '../../../../src/model/layers/layer-norm.js';
import {lookup} from '../../../../src/model/layers/lookup.js';
import {layerNormRow, toRows} from '../../../reference/transformer.js';
import {againstOracle, formulaInputs} from '../../../support/against-oracle.js';
import {onEveryEngine} from '../../../support/engines.js';

const isItsFormula = (epsilon: number, offset: number) =>
  againstOracle({
    inputs: formulaInputs({x: [4, 6], 'ln.weight': [6], 'ln.bias': [6]}, (name, value) =>
      name === 'x' ? offset + value : value,
    ),
    op: (tensors) => layerNorm(tensors['x'] as Tensor2D, lookup(tensors), 'ln', epsilon),
    oracle: (numbers) =>
      toRows(numbers['x']!, 6).flatMap((row) =>
        layerNormRow(row, numbers['ln.weight']!, numbers['ln.bias']!, epsilon),
      ),
  });

describe('layerNorm', () => {
  const [small, large, far] = [isItsFormula(1e-5, 0), isItsFormula(0.1, 0), isItsFormula(1e-5, 50)];

  onEveryEngine(() => {
    it('normalises, scales and shifts rows', small);
    it('adds epsilon to the variance', large);
    it('stays exact for rows far from zero', far);
  });
});
