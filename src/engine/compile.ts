import * as tf from '@tensorflow/tfjs-core';
import {BugError} from '../support/errors.js';
import {capturedStep} from './capture/captured-step.js';
import {eagerStep} from './eager-step.js';
import type {CompiledStep, CompileOptions, Precision, Step} from './step.js';

export interface CompileMode {
  /** As one graph; default: on TensorFlow. */
  readonly capture?: boolean;
  /** Default: fp32. */
  readonly precision?: Precision;
}

/**
 * Makes a training step ready to run on the engine that was started: with gradients, clipping, AdamW, clamps and
 * state. On TensorFlow it runs as one graph, elsewhere (or when asked) operation by operation. The caller disposes it.
 * @throws BugError when the options name weights that are not there, or bf16 is asked of a step that is not captured.
 */
export function compileStep(
  step: Step,
  options: CompileOptions,
  {capture = tf.getBackend() === 'tensorflow', precision = 'fp32'}: CompileMode = {},
): CompiledStep {
  checkNames(options);
  if (capture) return capturedStep(step, options, precision);
  if (precision !== 'fp32')
    throw new BugError(`compileStep: expected fp32 without capture, got ${precision}`);
  return eagerStep(step, options);
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
