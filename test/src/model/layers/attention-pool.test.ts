import {describe, it} from 'vitest';
import type {Tensor4D} from '@tensorflow/tfjs-core';
import {attentionPool} from '../../../../src/model/layers/attention-pool.js';
import {lookup} from '../../../../src/model/layers/lookup.js';
import * as reference from '../../../reference/resnet.js';
import {againstOracle, formulaInputs} from '../../../support/against-oracle.js';
import {onEveryEngine} from '../../../support/engines.js';

const shape = [2, 2, 3, 4] as const;
const heads = 2;
const square = {weight: [4, 4], bias: [4]};
const linears = Object.entries({
  q_proj: square,
  k_proj: square,
  v_proj: square,
  c_proj: {weight: [3, 4], bias: [3]},
});
const shapes = Object.fromEntries(
  linears.flatMap(([name, {weight, bias}]) => [
    [`${name}.weight`, weight],
    [`${name}.bias`, bias],
  ]),
);

describe('attentionPool', () => {
  const pools = againstOracle({
    inputs: formulaInputs({map: shape, positional_embedding: [7, 4], ...shapes}),
    op: (tensors) => attentionPool(tensors['map'] as Tensor4D, lookup(tensors), heads),
    oracle: (numbers) =>
      reference.attentionPool({shape, data: Float64Array.from(numbers['map']!)}, numbers, heads).flat(),
  });

  onEveryEngine(() => {
    it('attends from the mean pixel to itself and all pixels', pools);
  });
});
