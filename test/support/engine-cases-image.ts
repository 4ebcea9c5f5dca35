import * as tf from '@tensorflow/tfjs-core';
import type {Tensor, Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';
import {
  at,
  broadcast,
  convolve,
  elementwise,
  meanOf,
  nd,
  pad,
  reduce,
  type NdArray,
} from '../reference/nd-ops.js';
import {values, type EngineCase} from './engine-case.js';

type Margins = readonly [number, number];

function margin(x: NdArray, rows: Margins, columns: Margins): NdArray {
  return pad(x, [[0, 0], rows, columns, [0, 0]]);
}

const image = [2, 6, 5, 3];

function conv(
  name: string,
  kernel: readonly number[],
  apply: (x: Tensor4D, k: Tensor4D) => Tensor,
  reference: (x: NdArray, k: NdArray) => NdArray,
): EngineCase {
  return {
    name,
    inputs: [values(image, 700), values(kernel, 701)],
    apply: (x, k) => apply(x as Tensor4D, k as Tensor4D),
    reference: (x, k) => reference(x, k),
  };
}

const convolutions: readonly EngineCase[] = [
  conv(
    'conv2d 1 x 1',
    [1, 1, 3, 4],
    (x, k) => tf.conv2d(x, k, 1, 'valid'),
    (x, k) => convolve(x, k, 1),
  ),
  conv(
    'conv2d 3 x 3, same',
    [3, 3, 3, 4],
    (x, k) => tf.conv2d(x, k, 1, 'same'),
    (x, k) => convolve(margin(x, [1, 1], [1, 1]), k, 1),
  ),
  conv(
    'conv2d 3 x 3, valid',
    [3, 3, 3, 2],
    (x, k) => tf.conv2d(x, k, 1, 'valid'),
    (x, k) => convolve(x, k, 1),
  ),
  conv(
    'conv2d 2 x 3, same',
    [2, 3, 3, 2],
    (x, k) => tf.conv2d(x, k, 1, 'same'),
    (x, k) => convolve(margin(x, [0, 1], [1, 1]), k, 1),
  ),
  // 6 rows: (3 - 1) * 2 + 3 - 6 = 1 row of zeros, below; 5 columns: 2, one on each side
  conv(
    'conv2d 3 x 3, stride 2, same',
    [3, 3, 3, 2],
    (x, k) => tf.conv2d(x, k, 2, 'same'),
    (x, k) => convolve(margin(x, [0, 1], [1, 1]), k, 2),
  ),
  conv(
    'conv2d 3 x 3, stride 2, margin 1 all around',
    [3, 3, 3, 2],
    (x, k) =>
      tf.conv2d(
        tf.pad(x, [
          [0, 0],
          [1, 1],
          [1, 1],
          [0, 0],
        ]),
        k,
        2,
        'valid',
      ),
    (x, k) => convolve(margin(x, [1, 1], [1, 1]), k, 2),
  ),
  conv(
    'conv2d 2 x 2, stride 2, valid',
    [2, 2, 3, 2],
    (x, k) => tf.conv2d(x, k, 2, 'valid'),
    (x, k) => convolve(x, k, 2),
  ),
];

function pooled(x: NdArray): NdArray {
  const [n, h, w, c] = x.shape as [number, number, number, number];
  return nd([n, Math.floor(h / 2), Math.floor(w / 2), c], ([image, i, j, channel]) =>
    meanOf([0, 1].flatMap((a) => [0, 1].map((b) => at(x, [image!, 2 * i! + a, 2 * j! + b, channel!])))),
  );
}

function batchNorm(x: NdArray, gain: NdArray, bias: NdArray): NdArray {
  const mean = reduce(x, [0, 1, 2], meanOf);
  const centred = broadcast(x, mean, (value, m) => value - m);
  const variance = reduce(
    elementwise(centred, (value) => value * value),
    [0, 1, 2],
    meanOf,
  );
  return normalised(x, {mean, variance, gain, bias});
}

interface BatchNormArrays {
  readonly mean: NdArray;
  readonly variance: NdArray;
  readonly gain: NdArray;
  readonly bias: NdArray;
}

function normalised(x: NdArray, {mean, variance, gain, bias}: BatchNormArrays): NdArray {
  const c = mean.shape[0]!;
  return nd(x.shape, (index) => {
    const channel = index.at(-1)! % c;
    const normal = (at(x, index) - mean.data[channel]!) / Math.sqrt(variance.data[channel]! + 1e-5);
    return normal * gain.data[channel]! + bias.data[channel]!;
  });
}

const maps: readonly EngineCase[] = [
  {
    name: 'avgPool 2 x 2',
    inputs: [values([2, 4, 6, 3], 710)],
    apply: (x) => tf.avgPool(x as Tensor4D, 2, 2, 'valid'),
    reference: (x) => pooled(x),
  },
  {
    name: 'average pooling by reshape and mean',
    inputs: [values([2, 4, 6, 3], 711)],
    apply: (x) => tf.mean(tf.reshape(x, [2, 2, 2, 3, 2, 3]), [2, 4]),
    reference: (x) => pooled(x),
  },
  {
    name: 'patches by reshape and transpose',
    inputs: [values([2, 4, 6, 3], 712)],
    apply: (x) => tf.reshape(tf.transpose(tf.reshape(x, [2, 2, 2, 3, 2, 3]), [0, 1, 3, 2, 4, 5]), [2, 6, 12]),
    reference: (x) =>
      nd([2, 6, 12], ([n, patch, value]) => {
        const [row, column] = [Math.floor(patch! / 3), patch! % 3];
        const [i, j, c] = [Math.floor(value! / 6), Math.floor(value! / 3) % 2, value! % 3];
        return at(x, [n!, 2 * row + i, 2 * column + j, c]);
      }),
  },
  {
    name: 'batch norm from moments',
    inputs: [values([3, 2, 2, 4], 713), values([4], 714), values([4], 715)],
    apply: (x, gain, bias) => {
      const mean = tf.mean(x, [0, 1, 2]);
      const centred = tf.sub(x, mean);
      const variance = tf.mean(tf.square(centred), [0, 1, 2]);
      return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5))), gain), bias);
    },
    reference: (x, gain, bias) => batchNorm(x, gain, bias),
  },
  {
    name: 'batchNorm with given moments',
    inputs: [
      values([3, 2, 2, 4], 716),
      values([4], 717),
      values([4], 718, [0.5, 2]),
      values([4], 719),
      values([4], 720),
    ],
    apply: (x, ...channels) => {
      const [mean, variance, bias, gain] = channels as [Tensor1D, Tensor1D, Tensor1D, Tensor1D];
      return tf.batchNorm(x as Tensor4D, mean, variance, bias, gain, 1e-5);
    },
    reference: (x, ...channels) => {
      const [mean, variance, bias, gain] = channels as [NdArray, NdArray, NdArray, NdArray];
      return normalised(x, {mean, variance, bias, gain});
    },
  },
];

export const imageCases: readonly EngineCase[] = [...convolutions, ...maps];
