import * as tf from '@tensorflow/tfjs-core';
import type {Rank, Tensor1D, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import type {Tensors} from '../../engine/step.js';
import {fusedOp} from './fused-op.js';
import {lookup} from './lookup.js';
import {reluSlope} from './residual.js';

const epsilon = 1e-5;
const momentum = 0.1;

/** What a network with batch norm reads: weights and running statistics, and which of the two modes it is in. */
export interface BatchNormContext {
  readonly weights: Tensors;
  readonly state: Tensors;
  /** Statistics of this very batch, and an update of the running ones; else the running ones. */
  readonly training: boolean;
}

/**
 * Batch norm over all but the channels (Ioffe and Szegedy 2015, algorithm 1), as PyTorch has it: the biased variance
 * normalises, the unbiased one enters the running variance.
 * @param x [n, h, w, c]
 * @param name of the norm: `<name>.weight`, `<name>.bias`, `<name>.running_mean`, `<name>.running_var` [c]
 * @param options.relu whether max(., 0) follows
 * @returns the normalised map, and the next running statistics, empty in evaluation mode
 */
export function batchNorm(
  x: Tensor4D,
  name: string,
  {weights, state, training}: BatchNormContext,
  {relu}: {readonly relu: boolean},
): {value: Tensor4D; state: Tensors} {
  const running = {
    mean: lookup(state)<Tensor1D>(`${name}.running_mean`),
    variance: lookup(state)<Tensor1D>(`${name}.running_var`),
  };
  const moments = training ? batchMoments(x) : running;
  const scale = {
    gamma: lookup(weights)<Tensor1D>(`${name}.weight`),
    beta: lookup(weights)<Tensor1D>(`${name}.bias`),
  };
  const value = normalize(x, moments, scale, {relu, ofBatch: training});
  if (!training) return {value, state: {}};
  const rows = x.size / x.shape[3];
  const unbiased = tf.mul<Tensor1D>(moments.variance, rows / Math.max(1, rows - 1));
  const next = {
    [`${name}.running_mean`]: blend(running.mean, moments.mean),
    [`${name}.running_var`]: blend(running.variance, unbiased),
  };
  return {value, state: next};
}

interface Moments {
  /** [c] */
  readonly mean: Tensor1D;
  /** [c], divided by the number of values. */
  readonly variance: Tensor1D;
}

/** Means and variances of the channels, as constants: {@link normalize} knows how they depend on x. */
function batchMoments(x: Tensor4D): Moments {
  const c = x.shape[3];
  const both = fusedOp([x], () => {
    const rows = tf.reshape<Rank.R2>(x, [-1, c]);
    const mean = columnMeans(rows);
    const variance = columnMeans(tf.squaredDifference(rows, mean));
    return {value: tf.stack([mean, variance]) as Tensor2D, saved: {}, gradients: () => [tf.zeros(x.shape)]};
  });
  const [mean, variance] = tf.unstack(both) as [Tensor1D, Tensor1D];
  return {mean, variance};
}

interface NormalizeOptions {
  readonly relu: boolean;
  /** Whether the moments are those of x, so that the gradient runs through them. */
  readonly ofBatch: boolean;
}

function normalize(
  x: Tensor4D,
  {mean, variance}: Moments,
  {gamma, beta}: {gamma: Tensor1D; beta: Tensor1D},
  {relu, ofBatch}: NormalizeOptions,
): Tensor4D {
  return fusedOp([x, gamma, beta], () => {
    const normal = tf.batchNorm(x, mean, variance, beta, gamma, epsilon);
    const value = relu ? tf.relu(normal) : normal;
    return {
      value,
      saved: {x, mean, variance, gamma, ...(relu ? {value} : {})},
      gradients: (dy, saved) =>
        normalizeGradients(relu ? reluSlope(dy, saved.value as Tensor4D) : dy, saved, ofBatch),
    };
  });
}

function normalizeGradients(dy: Tensor4D, saved: Moments & {x: Tensor4D; gamma: Tensor1D}, ofBatch: boolean) {
  const {x, mean, variance, gamma} = saved;
  const c = x.shape[3];
  const inverse = tf.rsqrt(tf.add<Tensor1D>(variance, epsilon));
  const slope = columnMeans(tf.reshape(dy, [-1, c]));
  // mean of dy (x - m) / s without a map of (x - m) / s
  const product = columnMeans(tf.reshape(tf.mul(dy, x), [-1, c]));
  const along = tf.mul<Tensor1D>(inverse, tf.sub(product, tf.mul(mean, slope)));
  const factor = tf.mul<Tensor1D>(gamma, inverse);
  const direct = tf.mul<Tensor4D>(dy, factor);
  const rows = x.size / c;
  const dGamma = tf.mul(along, rows);
  const dBeta = tf.mul(slope, rows);
  if (!ofBatch) return [direct, dGamma, dBeta] as const;
  // minus the parts along 1 and along the normalised x, which normalising removes
  const offset = tf.neg(tf.mul<Tensor1D>(factor, slope));
  const scale = tf.neg(tf.mul<Tensor1D>(factor, along));
  return [tf.add(direct, tf.batchNorm(x, mean, variance, offset, scale, epsilon)), dGamma, dBeta] as const;
}

/** [r, c] -> [c]. A product with a row of 1/r is two to five times as fast as a sum over rows of many. */
function columnMeans(x: Tensor2D): Tensor1D {
  const [rows, c] = x.shape;
  return tf.reshape(tf.matMul(tf.fill([1, rows], 1 / rows), x), [c]);
}

function blend(running: Tensor1D, current: Tensor1D): Tensor1D {
  return tf.add(tf.mul(running, 1 - momentum), tf.mul(current, momentum));
}
