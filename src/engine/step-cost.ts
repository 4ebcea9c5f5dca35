import * as tf from '@tensorflow/tfjs-core';
import {recordStep} from './capture/record-step.js';
import type {CompileOptions, HostArrays, Precision, Step} from './step.js';

/** What a training step comes to, from its graph alone. */
export interface StepCost {
  /** FLOP of the matrix products and convolutions, forward and backward. */
  readonly flops: number;
  /** Nodes of the graph. */
  readonly operations: number;
}

/** What a step would be run with. */
export interface StepRun {
  readonly batch: HostArrays;
  readonly scalars: readonly string[];
  readonly precision: Precision;
}

/** The cost of a step, by recording it without running it; undefined on an engine that does not record. */
export function stepCost(
  step: Step,
  options: CompileOptions,
  {batch, scalars, precision}: StepRun,
): StepCost | undefined {
  if (tf.getBackend() !== 'tensorflow') return undefined;
  const weights = {...options.weights, ...options.constants};
  const {flops, nodes} = recordStep(step, {...options, weights}, {batch, scalars}, precision);
  return {flops, operations: nodes.length};
}
