import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {stopGradient} from '../engine/stop-gradient.js';
import {hardAssignment, softAssignment} from './assignment.js';
import {transportPlan} from './transport.js';

/** How unpaired images are spread over the captions of a batch. */
export interface CaptionPlanOptions {
  readonly transport: 'ot' | 'soft' | 'hard';
  /** Whether gradients run through the plan; if not, it is a constant. */
  readonly planGrad: 'stop' | 'through';
  /** Sinkhorn iterations of `ot`; defaults to 10, as in the paper's code. */
  readonly transportIters?: number;
  /** Entropic regularisation of `ot`; auto, the default, is 1/s. */
  readonly transportReg?: 'auto' | number;
}

/**
 * The caption pseudo-labels of S-CLIP (arXiv:2305.14095): row a is a distribution over the captions, read off the
 * cosines between unpaired image a and the anchors, which are the captioned images or the captions themselves.
 * @param queries [u, d], unpaired images, rows of unit length
 * @param anchors [b, d], rows of unit length
 * @param scale s = exp(tau)
 * @returns [u, b], rows sum to 1
 */
export function captionPlan(
  queries: Tensor2D,
  anchors: Tensor2D,
  scale: Scalar,
  {transport, planGrad, transportIters = 10, transportReg = 'auto'}: CaptionPlanOptions,
): Tensor2D {
  // Stopped at the inputs, so that a backward pass never enters the iteration.
  const pass = planGrad === 'stop' ? stopGradient : <T>(x: T): T => x;
  const cosines: Tensor2D = tf.matMul(pass(queries), pass(anchors), false, true); // [u, b]
  const scaled = (): Tensor2D => tf.mul(pass(scale), cosines);
  switch (transport) {
    case 'hard':
      return hardAssignment(cosines);
    case 'soft':
      return softAssignment(scaled());
    case 'ot':
      return transportPlan(
        transportReg === 'auto' ? scaled() : tf.div(cosines, transportReg),
        transportIters,
      );
  }
}
