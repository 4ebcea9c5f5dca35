import {describe, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {embed} from '../../../../src/model/layers/embedding.js';
import {toRows} from '../../../reference/transformer.js';
import {againstOracle, formulaInputs} from '../../../support/against-oracle.js';
import {onEveryEngine} from '../../../support/engines.js';

describe('embed', () => {
  const ids = [3, 0, 3, 4];
  const takesRows = againstOracle({
    inputs: formulaInputs({table: [5, 3]}),
    op: ({table}) => embed(table as Tensor2D, tf.tensor1d(ids, 'int32')),
    oracle: ({table}) => ids.flatMap((id) => toRows(table!, 3)[id]!),
  });

  onEveryEngine(() => {
    it('takes rows of a table; rows taken twice gather both gradients, rows not taken get zero', takesRows);
  });
});
