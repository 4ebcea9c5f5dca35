import {makePlan} from '../../src/app/make-plan.js';
import {batchMaker} from '../../src/app/training/batches.js';
import {stepProgram} from '../../src/app/training/compile-parts.js';
import {plannedParts} from '../../src/app/training/run-parts.js';
import {runSizes} from '../../src/app/training/run-sizes.js';
import {reopenTrainingData} from '../../src/app/training/training-data.js';
import {startPixelThreads} from '../../src/data/pixels/pixel-threads.js';
import {compileStep} from '../../src/engine/compile.js';
import type {HostArrays} from '../../src/engine/step.js';
import {stepCost} from '../../src/engine/step-cost.js';
import {scheduled} from '../../src/methods/contract/parts.js';
import {loadClip} from '../../src/model/checkpoint.js';
import {loadTokenizer} from '../../src/model/tokenizer.js';
import {requestSchema} from '../../src/recipe/request.js';

/** The training step of a method, ready to be timed. */
export interface MethodStep {
  readonly method: string;
  /** FLOP of its matrix products and convolutions. */
  readonly flops: number;
  /** Takes some steps; milliseconds of one. */
  run(steps: number): number;
  dispose(): void;
}

/** Batches of a step; steps take them in turn. */
const batchCount = 2;

/** Steps of the run that schedules go by; the bench is in the middle of it, where everything is on. */
const runSteps = 1000;

/**
 * A method at its defaults on the drawings of the domain `toy`, planned, compiled and fed as `adapt` does it. Its graph is
 * recorded and its first step taken. The caller disposes it.
 */
export async function openMethodStep(
  method: string,
  {model: folder, batch}: {readonly model: string; readonly batch: number},
): Promise<MethodStep> {
  const request = {model: folder, domain: 'toy', method, batch, steps: runSteps, engine: 'tensorflow'};
  const plan = await makePlan(requestSchema.parse(request), () => {});
  const parts = await plannedParts(plan);
  const model = await loadClip(plan.model.folder);
  const tokenizer = await loadTokenizer(plan.model.folder, model.config.text);
  const data = await reopenTrainingData(plan);
  const pixelThreads = startPixelThreads();
  const batchOf = batchMaker({plan, data, parts, config: model.config, tokenizer, pixelThreads});
  const batches: HostArrays[] = [];
  for (let i = 0; i < batchCount; i++) batches.push(await batchOf(i));
  await pixelThreads.close();
  const updates = {...plan.train, seed: plan.seed, sizes: runSizes(plan)};
  const {step, options} = stepProgram(parts, model, updates);
  const schedule = scheduled(parts, {step: runSteps / 2, steps: runSteps});
  const {precision} = plan;
  const scalars = ['learningRate', 'step', ...Object.keys(schedule)];
  const {flops} = stepCost(step, options, {batch: batches[0]!, scalars, precision})!;
  const compiled = compileStep(step, options, {precision});
  let done = 0;
  const run = (steps: number): number => {
    const start = performance.now();
    for (let i = 0; i < steps; i++) {
      // so small a rate that the model stays where training starts
      compiled.run(batches[done % batchCount]!, {learningRate: 1e-7, step: done + 1, ...schedule});
      done++;
    }
    return (performance.now() - start) / steps;
  };
  run(1);
  return {method, flops, run, dispose: () => compiled.dispose()};
}
