import {appendFile} from 'node:fs/promises';
import {loadDomain} from '../../data/load-domain.js';
import {defaultCacheBytes} from '../../data/pixels/copy-cache.js';
import {startPixelThreads, type PixelThreads} from '../../data/pixels/pixel-threads.js';
import {startEngine, type EngineInfo} from '../../engine/backend.js';
import {warmupCosine} from '../../engine/schedule.js';
import type {CompiledStep} from '../../engine/step.js';
import {train} from '../../engine/trainer.js';
import {ownEntries, scheduled, type Part} from '../../methods/contract/parts.js';
import {loadClip, preferredLayout, saveClip} from '../../model/checkpoint.js';
import type {ClipConfig} from '../../model/clip-config.js';
import type {ClipModel} from '../../model/clip-model.js';
import {saveClassHead} from '../../model/class-head.js';
import {saveTokenHeads} from '../../model/token-heads.js';
import {loadTokenizer, type Tokenizer} from '../../model/tokenizer.js';
import {planHash, type Plan} from '../../recipe/plan.js';
import {writeJsonAtomically} from '../../support/atomic-file.js';
import type {EmbedProgress} from '../embed-rows.js';
import {eventVersion, type Metrics, type RunEvent} from '../events.js';
import {openOutside, type OpenedOutside} from '../sides/open-outside.js';
import {readBackOff, type BackOff} from './back-off.js';
import {batchMaker} from './batches.js';
import {calibrate} from './calibrate.js';
import {saveKept} from './save-kept.js';
import {newestWholeCheckpoint, saveCheckpoint, sweepCheckpoints} from './checkpoints.js';
import {compileParts} from './compile-parts.js';
import {environment} from './environment.js';
import {openMetricsFile} from './metrics-file.js';
import {halfSelection, mixedModel, selectionNotice, selectMixture, type Selection} from './select-weights.js';
import {planEvaluations, type PlannedEvaluations} from './planned-evaluations.js';
import {restoreCheckpoint} from './restore.js';
import {runSizes} from './run-sizes.js';
import {readPlan, runFolder, type RunFolder} from './run-folder.js';
import {stepClock, stepEvent} from './step-event.js';
import {plannedParts} from './run-parts.js';
import {solved, type SolvedModel} from './solve.js';
import {finishedModel, weightsHash} from './trained-model.js';
import {restingModel, trainingModel, type Trainee} from './trainee.js';
import {reopenTrainingData, type TrainingData} from './training-data.js';

export type StopSignal = 'SIGINT' | 'SIGTERM' | 'SIGHUP';

export interface TrainingControl {
  emit(event: RunEvent): Promise<void> | void;
  /** The signal that asks for a checkpoint and an end, once there is one. */
  stopSignal(): StopSignal | undefined;
}

/** Everything a run works with, ready before the first step. */
interface Run {
  readonly folder: RunFolder;
  readonly plan: Plan;
  readonly engine: EngineInfo;
  /** The methods, the one that decides first. */
  readonly parts: readonly Part[];
  readonly config: ClipConfig;
  readonly trainee: Trainee;
  readonly tokenizer: Tokenizer;
  readonly data: TrainingData;
  readonly pixelThreads: PixelThreads;
  readonly outside: OpenedOutside;
  /** Rows that the towers take at a time; undefined: all. */
  readonly microBatch: number | undefined;
  readonly evaluations: PlannedEvaluations;
  readonly emit: (event: RunEvent) => Promise<void>;
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
  const run = await prepare(folder, emit);
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

async function prepare(folder: RunFolder, emit: Run['emit']): Promise<Run> {
  const plan = await readPlan(folder.path);
  await emit({
    type: 'start',
    version: eventVersion,
    run: planHash(plan).slice(0, 10),
    folder: folder.path,
    method: plan.method.name,
    steps: plan.train.steps,
  });
  await emit({type: 'phase', phase: 'prepare'});
  if (plan.keywords.oracle) {
    await emit({type: 'notice', message: `oracle vocabulary: the keywords are ${plan.keywords.source}`});
  }
  const backOff = await readBackOff(folder.backOff);
  if (backOff) await emit({type: 'notice', message: backOffNotice(backOff)});
  const microBatch = backOff?.microBatch ?? plan.train.microBatch ?? undefined;
  const {imageCacheMiB} = plan;
  const cacheBytes = imageCacheMiB === null ? defaultCacheBytes() : imageCacheMiB * 2 ** 20;
  const pixelThreads = startPixelThreads({cacheBytes});
  const engine = await startEngine(plan.engine);
  const outside = await openOutside(await plannedParts(plan), plan.outside);
  const domain = plan.domain === null ? undefined : await loadDomain(plan.domain);
  const model = await loadClip(plan.model.folder);
  const {config, source} = model;
  const updates = {
    ...plan.train,
    seed: plan.seed,
    microBatch: microBatch ?? null,
    sizes: runSizes(plan),
  };
  const trainee =
    plan.train.steps === 0
      ? restingModel(model)
      : trainingModel({config, source}, outside.parts, compileParts(outside.parts, model, updates, plan));
  const tokenizer = await loadTokenizer(plan.model.folder, config.text);
  const data = await reopenTrainingData(plan);
  await writeJsonAtomically(folder.environment, await environment(engine));
  const evaluations = await planEvaluations({
    plan,
    domain,
    config,
    tokenizer,
    pixelThreads,
    folder: folder.evaluations,
  });
  return {
    ...{folder, plan, engine, parts: outside.parts, outside, config, trainee, tokenizer},
    ...{data, pixelThreads, microBatch, evaluations, emit},
  };
}

function backOffNotice({microBatch, count}: BackOff): string {
  const times = count === 1 ? 'once' : `${count} times`;
  return `memory ran out ${times}: the towers now take ${microBatch} images or texts at a time; batch and objective stay`;
}

/** Trains from a step to the last, or until asked to stop; returns the number of steps done. */
async function trainSteps(
  run: Run & {readonly compiled: CompiledStep},
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
  const batches = batchMaker({...run, sides: run.outside.sides});
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

async function finish(run: Run, {before, started}: {before: Metrics; started: number}): Promise<RunEvent> {
  const {plan, folder, emit} = run;
  const made = await finished(run);
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

/** Enough to judge the figures by: an oracle vocabulary names the classes that were asked for. */
function keywordReport({source, list, matching, oracle}: Plan['keywords']) {
  return {source, count: list.length, matching, vocabulary: oracle ? 'oracle' : 'own'};
}

/**
 * What the run leaves, as one method after the other finishes it; the model before the run is read again only when weights are
 * chosen or a method asks for it.
 */
async function finished(run: Run): Promise<SolvedModel & {readonly selection?: Selection | undefined}> {
  const {plan, parts, trainee, emit} = run;
  const extras = trainee.extras();
  const onProgress = async ({done, total}: EmbedProgress) =>
    emit({type: 'progress', phase: 'solve', done, total});
  const {model: chosen, selection} = await chosenModel(run);
  let made: SolvedModel = {model: chosen};
  for (const part of parts) {
    if ('finish' in part.method) {
      const {weights, state} = await loadClip(plan.model.folder);
      made = {...made, model: finishedModel(made.model, part, {...weights, ...state})};
    }
    if ('keeps' in part.method) {
      const {method, params} = part;
      const own = method.keeps!({config: run.config, params, extras: ownEntries(extras, method)});
      made = {...made, kept: [...(made.kept ?? []), own]};
    }
    if ('tokenHeads' in part.method) {
      const {method, params} = part;
      const heads = method.tokenHeads!({config: run.config, params, extras: ownEntries(extras, method)});
      made = {...made, tokenHeads: {...heads, method: method.name}};
    }
    if ('solve' in part.method) {
      await emit({type: 'phase', phase: 'solve'});
      made = {...made, ...(await solved(part, made.model, {...run, extras, onProgress}))};
    }
  }
  return {...made, selection};
}

/** The weights that the plan's rule takes, of those before and after training. */
async function chosenModel(run: Run): Promise<{model: ClipModel; selection?: Selection}> {
  const {plan, trainee, folder, emit} = run;
  const {rule} = plan.selection;
  const trained = trainee.model();
  if (rule === 'last') return {model: trained};
  await emit({type: 'phase', phase: 'select'});
  const start = await loadClip(plan.model.folder);
  if (rule === 'half') return {model: mixedModel(start, trained, 0.5), selection: halfSelection};
  const onProgress = async ({done, total}: EmbedProgress) =>
    emit({type: 'progress', phase: 'select', done, total});
  const chosen = await selectMixture(start, trained, {...run, onProgress});
  await writeJsonAtomically(folder.selection, chosen.selection);
  await emit({type: 'notice', message: selectionNotice(chosen.selection)});
  return chosen;
}
