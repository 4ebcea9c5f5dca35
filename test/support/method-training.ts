import {compileParts} from '../../src/app/training/compile-parts.js';
import type {CompileMode} from '../../src/engine/compile.js';
import type {CompiledStep, HostArray, HostArrays, StepNumbers} from '../../src/engine/step.js';
import {listMethods, loadMethod} from '../../src/methods/contract/load-method.js';
import {partOf, scheduled, type Part} from '../../src/methods/contract/parts.js';
import type {ClipConfig} from '../../src/model/clip-config.js';
import {randomModel} from '../../src/model/random-model.js';
import {clipBatch, clipBatchSizes} from './engine-clip.js';
import {tinyResNet, tinyVit} from './tiny-clip.js';

/** The smallest CLIP of each family. */
export const towers = {vit: tinyVit, resnet: tinyResNet} as const;
export type Tower = keyof typeof towers;

/** Every method that takes steps, as listed by the folder. */
export async function trainingMethods(): Promise<readonly string[]> {
  const methods = await Promise.all((await listMethods()).map(loadMethod));
  return methods.flatMap(({name, steps}) => (steps === false ? [] : [name]));
}

/** Each of them with every family. */
export async function methodsByTower(): Promise<readonly (readonly [string, Tower])[]> {
  const methods = await trainingMethods();
  return methods.flatMap((method) =>
    (Object.keys(towers) as Tower[]).map((tower) => [method, tower] as const),
  );
}

/** A method by name, at its defaults. */
export async function defaultPart(name: string): Promise<Part> {
  return partOf(await loadMethod(name));
}

/** What a test changes about the updates of {@link compileOnRandom}. */
export type UpdateChanges = Partial<Parameters<typeof compileParts>[2]>;

/** Methods on a random CLIP, everything trained that they let train. */
export function compileOnRandom(
  parts: readonly Part[],
  config: ClipConfig,
  changes: UpdateChanges = {},
  mode: CompileMode = {},
): CompiledStep {
  const updates = {
    // an epsilon far above the rounding of a gradient: without it the sign of a gradient near 0 moves a weight
    ...{beta1: 0.9, beta2: 0.98, epsilon: 1e-2, weightDecay: 0.2},
    ...({clipNorm: null, frozen: 'none', microBatch: null, seed: 7, sizes: clipBatchSizes} as const),
    ...changes,
  };
  return compileParts(parts, randomModel(config, 3), updates, mode);
}

/** One step, from 0, on the batch drawn for it. */
export function runStep(
  compiled: CompiledStep,
  {parts, config, batch, rate = 1e-3, scheduledAs}: StepOf,
  step: number,
): StepNumbers {
  const arrays = clipBatch(config, parts, batch ?? step);
  return compiled.run(arrays, {
    learningRate: rate,
    step: step + 1,
    ...scheduled(parts, {step: scheduledAs ?? step, steps: 12}),
  });
}

export interface StepOf {
  readonly parts: readonly Part[];
  readonly config: ClipConfig;
  /** The number that the batch is drawn from; default: that of the step. */
  readonly batch?: number;
  readonly rate?: number;
  /** The step whose numbers the schedules give, of 12; default: this one. */
  readonly scheduledAs?: number;
}

/** What some steps came to. */
export interface Trained {
  readonly numbers: readonly StepNumbers[];
  readonly held: HostArrays;
}

export interface TrainedOn {
  readonly steps: number;
  readonly mode?: CompileMode;
  readonly changes?: UpdateChanges;
  readonly afterStep?: () => void;
}

/** Some steps of methods on a random CLIP, and everything that is held behind them. */
export function trainOnRandom(
  parts: readonly Part[],
  config: ClipConfig,
  {steps, mode, changes, afterStep}: TrainedOn,
): Trained {
  const compiled = compileOnRandom(parts, config, changes, mode);
  try {
    const numbers: StepNumbers[] = [];
    for (let step = 0; step < steps; step++) {
      numbers.push(runStep(compiled, {parts, config}, step));
      afterStep?.();
    }
    return {numbers, held: heldBy(compiled)};
  } finally {
    compiled.dispose();
  }
}

export function heldBy(compiled: CompiledStep): Record<string, HostArray> {
  return Object.fromEntries(compiled.names().map((name) => [name, compiled.read(name)]));
}

/** Loss, gradient norm, terms and what is logged, in that order. */
export function flatNumbers({loss, gradientNorm, terms, logged = {}}: StepNumbers): number[] {
  return [loss, gradientNorm, ...Object.values(terms), ...Object.values(logged)];
}

/** Euclidean distance as a share of the expected length; of arrays shorter than `floor` as a share of that. */
export function distance(got: ArrayLike<number>, expected: ArrayLike<number>, floor: number): number {
  const want = Array.from(expected);
  return Math.hypot(...want.map((value, i) => got[i]! - value)) / Math.max(Math.hypot(...want), floor);
}
