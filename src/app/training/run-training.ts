import {appendFile} from 'node:fs/promises';
import {warmupCosine} from '../../engine/schedule.js';
import type {CompiledStep} from '../../engine/step.js';
import {train} from '../../engine/trainer.js';
import {partsNeeds, scheduled} from '../../methods/contract/parts.js';
import {preferredLayout, saveClip} from '../../model/checkpoint.js';
import {saveClassHead} from '../../model/class-head.js';
import {saveTokenHeads} from '../../model/token-heads.js';
import {planHash, type Plan} from '../../recipe/plan.js';
import {writeJsonAtomically} from '../../support/atomic-file.js';
import type {Metrics, RunEvent} from '../events.js';
import {batchMaker} from './batches.js';
import {calibrate} from './calibrate.js';
import {newestWholeCheckpoint, saveCheckpoint, sweepCheckpoints} from './checkpoints.js';
import type {UnpairedUse} from './decide-unpaired.js';
import {leftModel} from './left-model.js';
import {openMetricsFile} from './metrics-file.js';
import {prepareTraining, type PreparedTraining} from './prepare-training.js';
import {restoreCheckpoint} from './restore.js';
import {runFolder, type RunFolder} from './run-folder.js';
import {saveKept} from './save-kept.js';
import {stepClock, stepEvent} from './step-event.js';
import {weightsHash} from './trained-model.js';

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export interface TrainingControl {
  emit(event: RunEvent): Promise<void> | void;
  /** The signal that asks for a checkpoint and an end, once there is one. */
  stopSignal(): StopSignal | undefined;
}

/**
 * Trains the plan of a run folder to its end, from its newest checkpoint if there is one: events to the folder
 * and to `control.emit`, checkpoints, the model, the result.
 * @returns the last event: done or stopped
 */
export async function runTraining(path: string, control: TrainingControl): Promise<RunEvent> {
  const folder = runFolder(path);
  const emit = async (event: RunEvent) => {
    await appendFile(folder.events, `${JSON.stringify(event)}\n`);
    await control.emit(event);
  };
  const started = performance.now();
  const run = await prepareTraining(folder, emit);
  const {trainee} = run;
  const {step} = trainee;
  try {
    const from = step === undefined ? 0 : await resume(folder, step);
    const before = await run.evaluations.before(() => ({model: trainee.model()}), emit);
    const last = step === undefined ? 0 : await trainSteps({...run, compiled: step}, from, control);
    const signal = control.stopSignal();
    if (last < run.plan.train.steps && signal !== undefined) {
      const stopped: RunEvent = {type: 'stopped', step: last, signal};
      await emit(stopped);
      return stopped;
    }
    return await finish(run, {before, started});
  } finally {
    step?.dispose();
    await run.pixelThreads.close();
    await run.outside.close();
  }
}

/** Puts the newest checkpoint into a step, if there is one; returns the steps done. */
async function resume(folder: RunFolder, step: CompiledStep): Promise<number> {
  await sweepCheckpoints(folder.checkpoints);
  const checkpoint = await newestWholeCheckpoint(folder.checkpoints);
  if (checkpoint) await restoreCheckpoint(step, checkpoint.path);
  return checkpoint?.step ?? 0;
}

/** Trains from a step to the last, or until asked to stop; returns the number of steps done. */
async function trainSteps(
  run: PreparedTraining & {readonly compiled: CompiledStep},
  from: number,
  control: TrainingControl,
): Promise<number> {
  const {plan, folder, compiled, config, emit} = run;
  const {steps, learningRate, warmupSteps} = plan.train;
  const metrics = await openMetricsFile(folder.metrics, from);
  const rate = (step: number) => warmupCosine(step, {baseRate: learningRate, warmupSteps, totalSteps: steps});
  const save = async (done: number) => {
    const path = await saveCheckpoint(folder.checkpoints, done, compiled);
    await emit({type: 'checkpoint', step: done, path});
  };
  await emit({type: 'phase', phase: 'train'});
  const batches = batchMaker({...run, partners: run.unpairedUse.partners, sides: run.outside.sides});
  if (from === 0) await calibrate(compiled, {parts: run.parts, config}, () => batches(0));
  let done = from;
  let saved = from;
  const clock = stepClock(steps);
  const records = train({
    compiled,
    from,
    steps,
    batches,
    scalars: (step) => ({learningRate: rate(step), step: step + 1, ...scheduled(run.parts, {step, steps})}),
    stopRequested: () => control.stopSignal() !== undefined,
  });
  for await (const record of records) {
    done = record.step + 1;
    const event = stepEvent(plan, record, {
      learningRate: rate(record.step),
      logitScale: Math.exp(compiled.read('weights/logit_scale').data[0]!),
      secondsLeft: clock(record),
    });
    await metrics.append(event);
    await emit(event);
    if (done % plan.checkpointEvery === 0 || done === steps) {
      await save(done);
      saved = done;
    }
    if (plan.evaluateEvery !== null && done % plan.evaluateEvery === 0 && done < steps) {
      await run.evaluations.during(done)(() => ({model: run.trainee.model()}), emit);
      await emit({type: 'phase', phase: 'train'});
    }
  }
  if (done !== saved) await save(done);
  return done;
}

async function finish(
  run: PreparedTraining,
  {before, started}: {before: Metrics; started: number},
): Promise<RunEvent> {
  const {plan, folder, emit} = run;
  const made = await leftModel(run);
  const {model, head, tokenHeads, selection, kept = []} = made;
  await emit({type: 'phase', phase: 'save'});
  await saveClip(model, folder.model, {layout: preferredLayout(model.config), dtype: 'F32'});
  if (head) await saveClassHead(folder.model, head);
  if (tokenHeads) await saveTokenHeads(folder.model, tokenHeads);
  for (const own of kept) await saveKept(folder.model, own);
  const after = await run.evaluations.after(() => made, emit);
  const seconds = (performance.now() - started) / 1000;
  const result = {
    version: 1,
    run: planHash(plan),
    method: plan.method,
    with: plan.with,
    domain: plan.domain,
    model: plan.model.reference,
    keywords: keywordReport(plan.keywords),
    seed: plan.seed,
    steps: plan.train.steps,
    counts: plan.counts,
    unpairedOrder: unpairedOrder(run),
    microBatch: run.microBatch ?? null,
    precision: plan.precision,
    engine: run.engine,
    seconds,
    selection: selection ?? null,
    weightsSha256: weightsHash(model),
    before,
    after,
  };
  await writeJsonAtomically(folder.result, result);
  const done: RunEvent = {type: 'done', model: folder.model, result: folder.result, seconds, before, after};
  await emit(done);
  return done;
}

/** Null where no uncaptioned images are read. */
function unpairedOrder({plan, parts, unpairedUse}: PreparedTraining): UnpairedUse['order'] | null {
  const areRead = partsNeeds(parts).unpaired !== undefined && plan.counts.unpaired > 0;
  return areRead ? unpairedUse.order : null;
}

/** Enough to judge the figures by: an oracle vocabulary names the classes that were asked for. */
function keywordReport({source, list, matching, oracle}: Plan['keywords']) {
  return {source, count: list.length, matching, vocabulary: oracle ? 'oracle' : 'own'};
}
