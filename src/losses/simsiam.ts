import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {constant} from './constant.js';

/** Two views of n images behind a projector and its predictor. */
export interface SiameseViews {
  /** [n, d] each, rows of unit length: what the predictor makes of each view. */
  readonly predictions: readonly [Tensor2D, Tensor2D];
  /** [n, d] each, rows of unit length: the projections, constants for the gradient. */
  readonly projections: readonly [Tensor2D, Tensor2D];
}

/**
 * SimSiam's symmetric negative cosine (arXiv:2011.10566), in [-1, 1]: each view's prediction against the
 * other view's projection.
 */
export function simSiamLoss({predictions: [p1, p2], projections: [z1, z2]}: SiameseViews): Scalar {
  return tf.mul(-0.5, tf.add(meanCosine(p1, z2), meanCosine(p2, z1)));
}

/**
 * Standard deviation over the batch, the mean over dimensions: about 1 / sqrt(d) for healthy unit rows, 0 when they have
 * collapsed to one point (SimSiam). A constant.
 * @param rows [n, d], rows of unit length
 */
export function outputSpread(rows: Tensor2D): Scalar {
  return constant(() => {
    const centred = tf.sub(rows, tf.mean(rows, 0, true));
    return tf.mean<Scalar>(tf.sqrt(tf.mean(tf.square(centred), 0)));
  });
}

function meanCosine(prediction: Tensor2D, projection: Tensor2D): Scalar {
  const held = constant(() => projection);
  return tf.mean(tf.sum(tf.mul(prediction, held), 1));
}
