import * as tf from '@tensorflow/tfjs-core';
import {BugError} from '../support/errors.js';
import {capturedStep} from './capture/captured-step.js';
import {eagerStep} from './eager-step.js';
import type {CompiledStep, CompileOptions, Step} from './step.js';

/**
 * Makes a training step ready to run on the engine that was started: with gradients, clipping, AdamW, clamps and
 * state. On TensorFlow it runs as one graph, elsewhere (or when asked) operation by operation. The caller disposes it.
 * @throws BugError when the options name weights that are not there.
 */
export function compileStep(
  step: Step,
  options: CompileOptions,
  {capture = tf.getBackend() === 'tensorflow'}: {readonly capture?: boolean} = {},
): CompiledStep {
  checkNames(options);
  return capture ? capturedStep(step, options) : eagerStep(step, options);
}

function checkNames({weights, trained, decayed, clamped}: CompileOptions): void {
  if (trained.size === 0) throw new BugError('compileStep: expected at least one trained weight, got none');
  for (const name of [...trained, ...Object.keys(clamped)]) {
    if (!Object.hasOwn(weights, name)) {
      throw new BugError(`compileStep: expected trained and clamped weights among the weights, got ${name}`);
    }
  }
  for (const name of decayed) {
    if (!trained.has(name))
      throw new BugError(`compileStep: expected decayed weights to be trained, got ${name}`);
  }
}
