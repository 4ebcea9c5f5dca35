import * as tf from '@tensorflow/tfjs-core';
import type {KernelConfig, Tensor4D} from '@tensorflow/tfjs-core';

type ConvAttrs = Pick<tf.Conv2DBackpropFilterAttrs, 'strides' | 'pad' | 'dimRoundingMode' | 'filterShape'>;

/**
 * Gradient of a convolution with respect to its kernel [height, width, in, out], from the images x [n, h, w, in] and
 * the gradient dy [n, oh, ow, out], which tfjs's wasm backend lacks: for each place in the kernel one matrix
 * product of the pixels that it meets with dy.
 */
export const conv2DBackpropFilterKernel: KernelConfig = {
  kernelName: 'Conv2DBackpropFilter',
  backendName: 'wasm',
  kernelFunc: ({inputs, attrs}) => {
    const {x, dy} = inputs as unknown as {readonly x: Tensor4D; readonly dy: Tensor4D};
    return tf.tidy(() => filterGradient(x, dy, attrs as unknown as ConvAttrs));
  },
};

function filterGradient(x: Tensor4D, dy: Tensor4D, attrs: ConvAttrs): Tensor4D {
  const {strides, pad, dimRoundingMode, filterShape} = attrs;
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  const {top, bottom, left, right} = info.padInfo;
  const padded = tf.pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const gradient = tf.transpose(tf.reshape(dy, [-1, info.outChannels])); // [out, n*oh*ow]
  const places: tf.Tensor[] = [];
  for (let row = 0; row < info.filterHeight; row++) {
    for (let column = 0; column < info.filterWidth; column++) {
      const met = tf.stridedSlice(
        padded,
        [0, row, column, 0],
        [
          info.batchSize,
          row + (info.outHeight - 1) * info.strideHeight + 1,
          column + (info.outWidth - 1) * info.strideWidth + 1,
          info.inChannels,
        ],
        [1, info.strideHeight, info.strideWidth, 1],
      ); // [n, oh, ow, in]
      places.push(tf.matMul(gradient, tf.reshape(met, [-1, info.inChannels]))); // [out, in]
    }
  }
  return tf.reshape(tf.transpose(tf.stack(places), [0, 2, 1]), filterShape);
}
