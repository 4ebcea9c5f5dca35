import * as tf from '@tensorflow/tfjs-core';
import type {KernelConfig, Tensor4D} from '@tensorflow/tfjs-core';

type ConvAttrs = Pick<tf.Conv2DBackpropInputAttrs, 'strides' | 'pad' | 'dimRoundingMode' | 'inputShape'>;

/**
 * Gradient of a convolution with respect to its images, from dy [n, oh, ow, out] and the kernel [height, width, in,
 * out]. At stride 1 it is itself a convolution, of dy with the turned kernel, which has a fast path; other strides
 * take `shipped`, the scalar kernel that this one replaces.
 */
export function conv2DBackpropInputKernel(shipped: KernelConfig): KernelConfig {
  return {
    ...shipped,
    kernelFunc: (args) => {
      const {dy, filter} = args.inputs as unknown as {readonly dy: Tensor4D; readonly filter: Tensor4D};
      const {strides, pad, dimRoundingMode, inputShape} = args.attrs as unknown as ConvAttrs;
      const info = tf.backend_util.computeConv2DInfo(
        inputShape,
        filter.shape,
        strides,
        1,
        pad,
        dimRoundingMode,
      );
      if (info.strideHeight !== 1 || info.strideWidth !== 1) return shipped.kernelFunc(args);
      return tf.tidy(() => inputGradient(dy, filter, info.padInfo));
    },
  };
}

function inputGradient(dy: Tensor4D, filter: Tensor4D, {top, bottom, left, right}: Padding): Tensor4D {
  const [height, width] = filter.shape;
  const padded = tf.pad(dy, [
    [0, 0],
    [height - 1 - top, height - 1 - bottom],
    [width - 1 - left, width - 1 - right],
    [0, 0],
  ]);
  const turned = tf.transpose(tf.reverse(filter, [0, 1]), [0, 1, 3, 2]); // [height, width, out, in]
  return tf.conv2d(padded, turned, 1, 'valid');
}

interface Padding {
  readonly top: number;
  readonly bottom: number;
  readonly left: number;
  readonly right: number;
}
