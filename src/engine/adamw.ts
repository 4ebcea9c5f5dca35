import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {AdamWOptions} from './step.js';

/** What the optimiser holds and reads of one weight; all tensors have the weight's shape. */
export interface AdamWTensors {
  readonly weight: Tensor;
  readonly gradient: Tensor;
  /** Running mean of the gradient, zeros at first. */
  readonly moment1: Tensor;
  /** Running mean of its square, zeros at first. */
  readonly moment2: Tensor;
}

/** The numbers of one step that every weight shares; worked out in float64. */
export interface AdamWNumbers {
  /** 1 - learning rate x decay. */
  readonly kept: number;
  /** Learning rate / (1 - beta1^step). */
  readonly stepSize: number;
  /** sqrt(1 - beta2^step). */
  readonly rootCorrection: number;
}

/** {@link AdamWNumbers} of a step counted from 1. */
export function adamWNumbers(step: number, learningRate: number, options: AdamWOptions): AdamWNumbers {
  return {
    kept: 1 - learningRate * options.weightDecay,
    stepSize: learningRate / (1 - options.beta1 ** step),
    rootCorrection: Math.sqrt(1 - options.beta2 ** step),
  };
}

/**
 * One update by AdamW (arXiv:1711.05101) as PyTorch defines it: the weight shrinks by its decay, then
 * m <- b1 m + (1 - b1) g, v <- b2 v + (1 - b2) g^2, p <- p - stepSize m / (sqrt(v) / rootCorrection + epsilon).
 * The caller disposes the three results.
 */
export function adamW(
  {weight, gradient, moment1, moment2}: AdamWTensors,
  numbers: AdamWNumbers,
  {beta1, beta2, epsilon}: AdamWOptions,
  {isDecayed}: {readonly isDecayed: boolean},
): Omit<AdamWTensors, 'gradient'> {
  return tf.tidy(() => {
    const nextMoment1 = tf.add(tf.mul(moment1, beta1), tf.mul(gradient, 1 - beta1));
    const nextMoment2 = tf.add(tf.mul(moment2, beta2), tf.mul(tf.square(gradient), 1 - beta2));
    const denominator = tf.add(tf.div(tf.sqrt(nextMoment2), numbers.rootCorrection), epsilon);
    const shrunk = isDecayed ? tf.mul(weight, numbers.kept) : weight;
    const next = tf.sub(shrunk, tf.mul(tf.div(nextMoment1, denominator), numbers.stepSize));
    return {weight: next, moment1: nextMoment1, moment2: nextMoment2};
  });
}
