import * as tf from '@tensorflow/tfjs-core';
import {at, concat, nd, pad, reshape, slice, tile, transpose} from '../reference/nd-ops.js';
import {values, type EngineCase} from './engine-case.js';

const permutations: readonly (readonly [readonly number[], readonly number[]])[] = [
  [
    [3, 4],
    [1, 0],
  ],
  [
    [2, 3, 4],
    [0, 2, 1],
  ],
  [
    [2, 3, 4],
    [2, 0, 1],
  ],
  [
    [2, 3, 2, 4],
    [0, 2, 1, 3],
  ],
  [
    [2, 3, 2, 4],
    [0, 1, 3, 2],
  ],
  [
    [2, 3, 2, 4],
    [3, 1, 0, 2],
  ],
  [
    [2, 3, 3, 2, 2],
    [2, 0, 3, 1, 4],
  ],
  [
    [3, 2, 2, 2, 3],
    [1, 3, 0, 2, 4],
  ],
  [
    [2, 1, 3, 2, 2],
    [4, 3, 2, 1, 0],
  ],
  [
    [1, 2, 2, 2, 3, 2],
    [0, 1, 3, 2, 4, 5],
  ],
];

const transposes = permutations.map(([shape, axes], i): EngineCase => ({
  name: `transpose of [${shape.join(', ')}] to axes ${axes.join(', ')}`,
  inputs: [values(shape, 600 + i)],
  apply: (x) => tf.transpose(x, [...axes]),
  reference: (x) => transpose(x, axes),
}));

/** Larger than the squares in which a matrix may be moved. */
const largeTransposes = (
  [
    [
      [70, 41],
      [1, 0],
    ],
    [
      [2, 35, 3, 66],
      [0, 3, 2, 1],
    ],
    [
      [34, 2, 67],
      [2, 1, 0],
    ],
    [
      [2, 33, 5, 40],
      [2, 0, 1, 3],
    ],
  ] as const
).map(([shape, axes], i): EngineCase => ({
  name: `transpose of [${shape.join(', ')}] to axes ${axes.join(', ')}`,
  inputs: [values(shape, 650 + i)],
  apply: (x) => tf.transpose(x, [...axes]),
  reference: (x) => transpose(x, axes),
  forwardOnly: true,
}));

const joins: readonly EngineCase[] = [
  ...[0, 1, 2].map((axis): EngineCase => ({
    name: `concat along axis ${axis}`,
    inputs: [
      values([2, 3, 2], 620),
      values([2, 3, 2].with(axis, 4), 621),
      values([2, 3, 2].with(axis, 1), 622),
    ],
    apply: (...parts) => tf.concat(parts, axis),
    reference: (...parts) => concat(parts, axis),
  })),
  {
    name: 'stack of scalars',
    inputs: [values([], 623), values([], 624)],
    apply: (...parts) => tf.stack(parts),
    reference: (a, b) => ({shape: [2], data: Float64Array.of(a.data[0]!, b.data[0]!)}),
  },
  ...[0, 1].map((axis): EngineCase => ({
    name: `stack along axis ${axis}`,
    inputs: [values([2, 3], 625), values([2, 3], 626)],
    apply: (...parts) => tf.stack(parts, axis),
    reference: (...parts) =>
      concat(
        parts.map((part) => reshape(part, [2, 3].toSpliced(axis, 0, 1))),
        axis,
      ),
  })),
];

const cuts: readonly EngineCase[] = [
  {
    name: 'unstack along axis 0, parts used unequally',
    inputs: [values([3, 2, 2], 630)],
    apply: (x) => {
      const [first, second, third] = tf.unstack(x) as [tf.Tensor, tf.Tensor, tf.Tensor];
      return tf.add(tf.mul(first, second), third);
    },
    reference: (x) => nd([2, 2], (i) => at(x, [0, ...i]) * at(x, [1, ...i]) + at(x, [2, ...i])),
  },
  {
    name: 'split along the last axis, one part unused',
    inputs: [values([2, 6], 631)],
    apply: (x) => {
      const [first, , third] = tf.split(x, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
      return tf.mul(first, third);
    },
    reference: (x) => nd([2, 2], ([i, j]) => at(x, [i!, j!]) * at(x, [i!, j! + 4])),
  },
  {
    name: 'slice of rank 2',
    inputs: [values([4, 5], 632)],
    apply: (x) => tf.slice(x, [1, 2], [2, 3]),
    reference: (x) => slice(x, [1, 2], [2, 3]),
  },
  {
    name: 'slice of rank 3, to the end',
    inputs: [values([2, 4, 3], 633)],
    apply: (x) => tf.slice(x, [0, 1, 0], [2, 1, 3]),
    reference: (x) => slice(x, [0, 1, 0], [2, 1, 3]),
  },
  {
    name: 'slice of rank 4',
    inputs: [values([2, 3, 3, 2], 634)],
    apply: (x) => tf.slice(x, [0, 1, 1, 0], [2, 2, 1, 2]),
    reference: (x) => slice(x, [0, 1, 1, 0], [2, 2, 1, 2]),
  },
  {
    name: 'stridedSlice of rank 4',
    inputs: [values([2, 5, 5, 2], 635)],
    apply: (x) => tf.stridedSlice(x, [0, 1, 0, 0], [2, 5, 4, 2], [1, 2, 3, 1]),
    reference: (x) => nd([2, 2, 2, 2], ([n, i, j, c]) => at(x, [n!, 1 + 2 * i!, 3 * j!, c!])),
    forwardOnly: true,
  },
  {
    name: 'reverse of two axes',
    inputs: [values([3, 2, 2, 2], 636)],
    apply: (x) => tf.reverse(x, [0, 1]),
    reference: (x) => nd([3, 2, 2, 2], ([i, j, ...rest]) => at(x, [2 - i!, 1 - j!, ...rest])),
  },
];

const repeats: readonly EngineCase[] = [
  {
    name: 'tile of rank 2',
    inputs: [values([2, 3], 640)],
    apply: (x) => tf.tile(x, [3, 2]),
    reference: (x) => tile(x, [3, 2]),
  },
  {
    name: 'tile of rank 3 along one axis',
    inputs: [values([2, 1, 3], 641)],
    apply: (x) => tf.tile(x, [1, 4, 1]),
    reference: (x) => tile(x, [1, 4, 1]),
  },
  {
    name: 'tile of rank 5',
    inputs: [values([2, 1, 2, 1, 3], 642)],
    apply: (x) => tf.tile(x, [1, 2, 1, 2, 1]),
    reference: (x) => tile(x, [1, 2, 1, 2, 1]),
    // tfjs's gradient of tile ends at rank 4
    forwardOnly: true,
  },
  {
    name: 'expandDims and squeeze',
    inputs: [values([2, 3], 643)],
    apply: (x) => tf.squeeze(tf.expandDims(tf.expandDims(x, 1), 0), [0]),
    reference: (x) => reshape(x, [2, 1, 3]),
  },
  {
    name: 'pad of rank 4',
    inputs: [values([1, 2, 3, 2], 644)],
    apply: (x) =>
      tf.pad(x, [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ]),
    reference: (x) =>
      pad(x, [
        [0, 0],
        [1, 2],
        [0, 1],
        [0, 0],
      ]),
  },
];

export const shapeCases: readonly EngineCase[] = [
  ...transposes,
  ...largeTransposes,
  ...joins,
  ...cuts,
  ...repeats,
];
