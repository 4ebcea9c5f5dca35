import * as tf from '@tensorflow/tfjs-core';
import {gather, matMul, segmentSums} from '../reference/nd-ops.js';
import {values, whole, type EngineCase} from './engine-case.js';

/** Batch axes, m, k and n; the odd ones leave rests for any kernel that works in blocks. */
const products: readonly (readonly [string, readonly number[], readonly [number, number, number]])[] = [
  ['matrices', [], [3, 5, 4]],
  ['a batch', [3], [2, 5, 3]],
  ['a batch of heads', [2, 3], [4, 3, 5]],
  ['single rows and columns', [2], [1, 4, 1]],
];

const swaps = [
  [false, false],
  [false, true],
  [true, false],
  [true, true],
] as const;

const matrixProducts = products.flatMap(([kind, batch, [m, k, n]], i) =>
  swaps.map(([swapA, swapB]): EngineCase => ({
    name: `matMul, ${kind}${swapA ? ', left transposed' : ''}${swapB ? ', right transposed' : ''}`,
    inputs: [
      values([...batch, ...(swapA ? [k, m] : [m, k])], 500 + i),
      values([...batch, ...(swapB ? [n, k] : [k, n])], 520 + i),
    ],
    apply: (a, b) => tf.matMul(a, b, swapA, swapB),
    reference: (a, b) => matMul(a, b, swapA, swapB),
  })),
);

const large: readonly EngineCase[] = swaps.map(([swapA, swapB]) => ({
  name: `matMul, longer than any block${swapA ? ', left transposed' : ''}${swapB ? ', right transposed' : ''}`,
  inputs: [
    values([2, ...(swapA ? [37, 19] : [19, 37])], 540),
    values([2, ...(swapB ? [23, 37] : [37, 23])], 541),
  ],
  apply: (a, b) => tf.matMul(a, b, swapA, swapB),
  reference: (a, b) => matMul(a, b, swapA, swapB),
  forwardOnly: true,
}));

const lookups: readonly EngineCase[] = [
  {
    name: 'gather of rows with repeated ids',
    inputs: [values([5, 3], 550), whole([2, 4], [1, 4, 1, 0, 4, 4, 2, 1])],
    apply: (table, ids) => tf.gather(table, ids),
    reference: (table, ids) => gather(table, ids),
  },
  {
    name: 'gather of scalars',
    inputs: [values([5], 551), whole([3], [3, 3, 0])],
    apply: (table, ids) => tf.gather(table, ids),
    reference: (table, ids) => gather(table, ids),
  },
  {
    name: 'gather of matrices',
    inputs: [values([3, 2, 2], 552), whole([4], [2, 0, 2, 2])],
    apply: (table, ids) => tf.gather(table, ids),
    reference: (table, ids) => gather(table, ids),
  },
  {
    name: 'unsortedSegmentSum, one segment empty, one id negative',
    inputs: [values([5, 3], 553), whole([5], [2, 0, 2, -1, 0])],
    apply: (rows, ids) => tf.unsortedSegmentSum(rows, ids as tf.Tensor1D, 4),
    reference: (rows, ids) => segmentSums(rows, ids, 4),
    forwardOnly: true,
  },
];

export const matrixCases: readonly EngineCase[] = [...matrixProducts, ...large, ...lookups];
