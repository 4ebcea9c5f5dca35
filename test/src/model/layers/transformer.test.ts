import {describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../../../src/engine/step.js';
import {causalMask} from '../../../../src/model/layers/attention.js';
import {lookup} from '../../../../src/model/layers/lookup.js';
import {
  transformerRow,
  transformerTokens,
  type Transformer,
} from '../../../../src/model/layers/transformer.js';
import {blocks, toRows, type Numbers, type Rows} from '../../../reference/transformer.js';
import {againstOracle, formulaInputs, toTensors} from '../../../support/against-oracle.js';
import {onEveryEngine} from '../../../support/engines.js';

const [n, t, width, layers, heads] = [2, 3, 4, 2, 2];
const blockShapes = {
  'ln_1.weight': [width],
  'ln_1.bias': [width],
  'attn.in_proj_weight': [3 * width, width],
  'attn.in_proj_bias': [3 * width],
  'attn.out_proj.weight': [width, width],
  'attn.out_proj.bias': [width],
  'ln_2.weight': [width],
  'ln_2.bias': [width],
  'mlp.c_fc.weight': [6, width],
  'mlp.c_fc.bias': [6],
  'mlp.c_proj.weight': [width, 6],
  'mlp.c_proj.bias': [width],
};
const inputs = formulaInputs({
  x: [n, t, width],
  ...Object.fromEntries(
    [0, 1].flatMap((i) =>
      Object.entries(blockShapes).map(([name, shape]) => [`resblocks.${i}.${name}`, shape]),
    ),
  ),
});

describe.each(['gelu', 'quick_gelu'] as const)('transformer with %s', (activation) => {
  const stackOf = (tensors: Tensors): Transformer => ({
    weights: lookup(tensors),
    layers,
    heads,
    layerNormEpsilon: 1e-5,
    activation,
  });
  /** The sequences behind all blocks. */
  const loops = (numbers: Numbers, causal: boolean, paths?: readonly (readonly number[])[]): Rows[] => {
    const options = {layers, heads, epsilon: 1e-5, activation, causal};
    const rows = toRows(numbers['x']!, width);
    return [0, 1].map((i) =>
      blocks(rows.slice(i * t, (i + 1) * t), numbers, '', {...options, ...(paths && {paths: paths[i]!})}),
    );
  };
  const hasTokens = (causal: boolean) =>
    againstOracle({
      inputs,
      op: (tensors) =>
        transformerTokens(tensors['x'] as Tensor3D, stackOf(tensors), causal ? causalMask(t) : null),
      oracle: (numbers) => loops(numbers, causal).flat(2),
    });
  const [hasAllTokens, hasCausalTokens] = [hasTokens(false), hasTokens(true)];
  // a block of each sequence without attention, another without its MLP, the rest louder
  const paths = [
    [1.25, 0, 2, 1],
    [1, 1.5, 0, 0.5],
  ];
  const hasPaths = againstOracle({
    inputs,
    op: (tensors) => transformerTokens(tensors['x'] as Tensor3D, stackOf(tensors), null, tf.tensor2d(paths)),
    oracle: (numbers) => loops(numbers, false, paths).flat(2),
  });
  const hasPickedRows = againstOracle({
    inputs,
    op: (tensors) => {
      const mask = causalMask(t);
      const pick = (x: Tensor3D): Tensor2D => tf.reshape(tf.slice(x, [0, 1, 0], [n, 1, width]), [n, width]);
      const row = {pick, mask: tf.gather(mask, tf.fill([n], 1, 'int32'))};
      return transformerRow(tensors['x'] as Tensor3D, stackOf(tensors), mask, row);
    },
    oracle: (numbers) => loops(numbers, true).flatMap((rows) => rows[1]!),
  });

  onEveryEngine(() => {
    it('has the tokens and gradients of plain loops', hasAllTokens);
    it('has the tokens and gradients of plain loops under a causal mask', hasCausalTokens);
    it('multiplies the branches of every sequence by what its paths say', hasPaths);
    it('transformerRow has the picked rows and gradients of plain loops', hasPickedRows);

    it('leaves no tensor behind', () => {
      const tensors = toTensors(inputs);
      const before = tf.memory().numTensors;
      const gradient = tf.grad((x) => transformerTokens(x as Tensor3D, stackOf(tensors), null))(
        tensors['x']!,
      );
      gradient.dispose();
      expect(tf.memory().numTensors).toBe(before);
    });
  });
});
