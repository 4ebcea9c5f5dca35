import * as tf from '@tensorflow/tfjs-core';
import type {Tensor} from '@tensorflow/tfjs-core';
import type {Tensors} from '../engine/step.js';
import {stopGradient} from '../engine/stop-gradient.js';
import {BugError} from '../support/errors.js';

/**
 * A momentum copy's next values, m * teacher + (1 - m) * student, for every tensor of the teacher (MoCo,
 * arXiv:1911.05722, equation 2). Constants for the gradient.
 * @throws BugError when the student lacks one of them
 */
export function emaUpdate(teacher: Tensors, student: Tensors, momentum: number): Record<string, Tensor> {
  return Object.fromEntries(
    Object.entries(teacher).map(([name, held]) => {
      const current = student[name];
      if (current === undefined) throw new BugError(`emaUpdate: expected ${name} in the student, got none`);
      return [name, tf.add(tf.mul(held, momentum), tf.mul(stopGradient(current), 1 - momentum))];
    }),
  );
}
