import {describe, it} from 'vitest';
import type {Tensor4D} from '@tensorflow/tfjs-core';
import {convolve1, convolve3, convolve3Stride2} from '../../../../src/model/layers/convolution.js';
import {convolve} from '../../../reference/resnet.js';
import {againstOracle, formulaInputs} from '../../../support/against-oracle.js';
import {onEveryEngine} from '../../../support/engines.js';

const shape = [2, 4, 6, 3] as const;

describe.each([
  {name: 'convolve1', op: convolve1, size: 1, stride: 1},
  {name: 'convolve3', op: convolve3, size: 3, stride: 1},
  {name: 'convolve3Stride2', op: convolve3Stride2, size: 3, stride: 2},
])('$name', ({op, size, stride}) => {
  const convolves = againstOracle({
    inputs: formulaInputs({x: shape, kernel: [size, size, 3, 2]}),
    op: ({x, kernel}) => op(x as Tensor4D, kernel as Tensor4D),
    oracle: ({x, kernel}) => convolve({shape, data: Float64Array.from(x!)}, kernel!, {size, stride}).data,
  });

  onEveryEngine(() => {
    it(`is a convolution of size ${size} and stride ${stride} with PyTorch's padding`, convolves);
  });
});
