import * as tf from '@tensorflow/tfjs-core';
import type {Rank, Tensor4D} from '@tensorflow/tfjs-core';

/** 1 x 1 convolution as a matrix product: x [n, h, w, in], kernel [1, 1, in, out] -> [n, h, w, out]. */
export function convolve1(x: Tensor4D, kernel: Tensor4D): Tensor4D {
  const [n, h, w, from] = x.shape;
  const to = kernel.shape[3];
  const rows = tf.reshape<Rank.R2>(x, [n * h * w, from]);
  const product = tf.matMul(rows, tf.reshape<Rank.R2>(kernel, [from, to]));
  return tf.reshape(product, [n, h, w, to]);
}

/** 3 x 3 convolution with a border of one zero: x [n, h, w, in], kernel [3, 3, in, out] -> [n, h, w, out]. */
export function convolve3(x: Tensor4D, kernel: Tensor4D): Tensor4D {
  return tf.conv2d(x, kernel, 1, 'same');
}

/** As {@link convolve3} at every second pixel, even h and w: [n, h/2, w/2, out]. */
export function convolve3Stride2(x: Tensor4D, kernel: Tensor4D): Tensor4D {
  // 'same' would put the whole border behind the last row and column; PyTorch has half of it in front
  return tf.conv2d(tf.pad(x, [[0, 0], [1, 0], [1, 0], [0, 0]]), kernel, 2, 'valid'); // prettier-ignore
}
