import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D} from '@tensorflow/tfjs-core';
import {fusedOp} from './fused-op.js';
import type {Lookup} from './lookup.js';

/** x W^t + b for x [r, in], with W [out, in] at `<name>.weight` and b [out] at `<name>.bias`: [r, out]. */
export function linear(x: Tensor2D, weights: Lookup, name: string): Tensor2D {
  return affine(x, weights(`${name}.weight`), weights(`${name}.bias`));
}

/** x W^t + b for x [r, in], W [out, in], b [out]: [r, out]. */
export function affine(x: Tensor2D, weight: Tensor2D, bias: Tensor1D): Tensor2D {
  // the product stays an ordinary operation: its two gradients are computed only where they are needed
  return addBias(tf.matMul(x, weight, false, true), bias);
}

function addBias(x: Tensor2D, bias: Tensor1D): Tensor2D {
  return fusedOp([x, bias], () => ({
    value: tf.add<Tensor2D>(x, bias),
    saved: {},
    gradients: (dy) => [tf.clone(dy), tf.sum(dy, 0)],
  }));
}
