import {describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D, Tensor3D} from '@tensorflow/tfjs-core';
import {
  biasedSelfAttention,
  causalMask,
  queryAttention,
  selfAttention,
} from '../../../../src/model/layers/attention.js';
import {attend, softmax, toRows, type Rows} from '../../../reference/transformer.js';
import {againstOracle, formulaInputs} from '../../../support/against-oracle.js';
import {onEveryEngine} from '../../../support/engines.js';

const [n, t, width, heads] = [2, 3, 4, 2];

/** Rows of sequence i of t rows. */
const sequence = (rows: Rows, i: number): Rows => rows.slice(i * t, (i + 1) * t);
const columns = (rows: Rows, part: number): Rows =>
  rows.map((row) => row.slice(part * width, (part + 1) * width));

const selfAttends = (causal: boolean) =>
  againstOracle({
    inputs: formulaInputs({qkv: [n * t, 3 * width]}, (_, value) => 3 * value),
    op: ({qkv}) => selfAttention(qkv as Tensor2D, {n, heads}, causal ? causalMask(t) : null),
    oracle: ({qkv}) =>
      [0, 1].flatMap((i) => {
        const rows = sequence(toRows(qkv!, 3 * width), i);
        const parts = {q: columns(rows, 0), k: columns(rows, 1), v: columns(rows, 2)};
        return attend(parts, heads, (query, key) => !causal || key <= query).flat();
      }),
  });

/** Logits of a query and a key of a head are raised by the bias before the softmax. */
const attendsWithBias = againstOracle({
  inputs: formulaInputs({qkv: [n * t, 3 * width], bias: [heads, t, t]}, (_, value) => 3 * value),
  op: ({qkv, bias}) => biasedSelfAttention(qkv as Tensor2D, bias as Tensor3D, {n, heads}),
  oracle: ({qkv, bias}) =>
    [0, 1].flatMap((i) => {
      const rows = sequence(toRows(qkv!, 3 * width), i);
      const [q, k, v] = [columns(rows, 0), columns(rows, 1), columns(rows, 2)];
      const size = width / heads;
      return q.flatMap((query, from) =>
        Array.from({length: heads}, (_, h) => {
          const own = (row: readonly number[]) => row.slice(h * size, (h + 1) * size);
          const logits = k.map(
            (key, to) =>
              own(key).reduce((sum, value, j) => sum + value * own(query)[j]!, 0) / Math.sqrt(size) +
              bias![(h * t + from) * t + to]!,
          );
          const shares = softmax(logits);
          return own(query).map((_value, j) =>
            shares.reduce((sum, share, to) => sum + share * own(v[to]!)[j]!, 0),
          );
        }).flat(),
      );
    }),
});

// the first sequence sees two keys, the second one
const visible = [2, 1];
const attendsVisibleKeys = againstOracle({
  inputs: {
    ...formulaInputs({q: [n, width], k: [n * t, width], v: [n * t, width]}),
    mask: {shape: [n, t], data: Float64Array.from([0, 0, -1e9, 0, -1e9, -1e9])},
  },
  differentiated: ['q', 'k', 'v'],
  op: ({q, k, v, mask}) => {
    const options = {n, heads, mask: mask as Tensor2D};
    return queryAttention(q as Tensor2D, k as Tensor2D, v as Tensor2D, options);
  },
  oracle: ({q, k, v}) =>
    [0, 1].flatMap((i) => {
      const parts = {
        q: [toRows(q!, width)[i]!],
        k: sequence(toRows(k!, width), i),
        v: sequence(toRows(v!, width), i),
      };
      return attend(parts, heads, (_, key) => key < visible[i]!).flat();
    }),
});

describe('attention', () => {
  const [toAll, toEarlier] = [selfAttends(false), selfAttends(true)];

  onEveryEngine(() => {
    it('selfAttention is softmax(q k^t / sqrt(d)) v within each sequence', toAll);
    it('selfAttention under a causal mask sees no later row', toEarlier);
    it('biasedSelfAttention raises the logits of every sequence alike, and trains the bias', attendsWithBias);
    it('queryAttention attends one row of each sequence, under its own mask', attendsVisibleKeys);

    it('hides what comes later: changing the last row changes only the last output', () => {
      const output = (last: number): Float32Array => {
        const {qkv} = formulaInputs({qkv: [t, 3 * width]});
        const data = Float32Array.from(qkv!.data).fill(last, (t - 1) * 3 * width);
        const rows = tf.tensor2d(data, [t, 3 * width]);
        return selfAttention(rows, {n: 1, heads}, causalMask(t)).dataSync<'float32'>();
      };
      const [one, other] = [output(1), output(-5)];
      expect(one.subarray(0, (t - 1) * width)).toEqual(other.subarray(0, (t - 1) * width));
      expect(one.subarray((t - 1) * width)).not.toEqual(other.subarray((t - 1) * width));
    });
  });
});
