import {describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import {residualAdd, residualRelu} from '../../../../src/model/layers/residual.js';
import {againstOracle, formulaInputs} from '../../../support/against-oracle.js';
import {onEveryEngine} from '../../../support/engines.js';

describe('residual connections', () => {
  const inputs = formulaInputs({x: [4, 5], branch: [4, 5]});

  const isTheSum = againstOracle({
    inputs,
    op: ({x, branch}) => residualAdd(x!, branch!),
    oracle: ({x, branch}) => Array.from(x!, (value, i) => value + branch![i]!),
  });
  const isThePositiveSum = againstOracle({
    inputs,
    op: ({x, branch}) => residualRelu(x!, branch!),
    oracle: ({x, branch}) => Array.from(x!, (value, i) => Math.max(0, value + branch![i]!)),
  });

  onEveryEngine(() => {
    it('residualAdd is the sum', isTheSum);
    it('residualRelu is the sum where it is positive', isThePositiveSum);

    it('gives both inputs their gradient when one of them is used again', () => {
      const [dx, dy] = tf.grads((x, y) => tf.sum(residualAdd(x, tf.mul(residualAdd(x, y), x))))([
        tf.tensor1d([1, 2]),
        tf.tensor1d([3, 4]),
      ]);
      // d/dx [x + (x + y) x] = 1 + 2 x + y, d/dy = x
      expect([...dx!.dataSync()]).toEqual([6, 9]);
      expect([...dy!.dataSync()]).toEqual([1, 2]);
    });
  });
});
