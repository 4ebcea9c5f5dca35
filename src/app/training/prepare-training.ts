import {loadDomain} from '../../data/load-domain.js';
import {defaultCacheBytes} from '../../data/pixels/copy-cache.js';
import {startPixelThreads, type PixelThreads} from '../../data/pixels/pixel-threads.js';
import {startEngine, type EngineInfo} from '../../engine/backend.js';
import type {Part} from '../../methods/contract/parts.js';
import {loadClip} from '../../model/checkpoint.js';
import type {ClipConfig} from '../../model/clip-config.js';
import {loadTokenizer, type Tokenizer} from '../../model/tokenizer.js';
import {planHash, type Plan} from '../../recipe/plan.js';
import {writeJsonAtomically} from '../../support/atomic-file.js';
import {eventVersion, type RunEvent} from '../events.js';
import {openOutside, type OpenedOutside} from '../sides/open-outside.js';
import {readBackOff, type BackOff} from './back-off.js';
import {compileParts} from './compile-parts.js';
import {decideUnpaired, unpairedNotice, type UnpairedSource, type UnpairedUse} from './decide-unpaired.js';
import {environment} from './environment.js';
import {planEvaluations, type PlannedEvaluations} from './planned-evaluations.js';
import {readPlan, type RunFolder} from './run-folder.js';
import {plannedParts} from './run-parts.js';
import {runSizes} from './run-sizes.js';
import {restingModel, trainingModel, type Trainee} from './trainee.js';
import {reopenTrainingData, type TrainingData} from './training-data.js';

/** Everything a run works with, ready before the first step. */
export interface PreparedTraining {
  readonly folder: RunFolder;
  readonly plan: Plan;
  readonly engine: EngineInfo;
  /** The methods, the one that decides first. */
  readonly parts: readonly Part[];
  readonly config: ClipConfig;
  readonly trainee: Trainee;
  readonly tokenizer: Tokenizer;
  /** Without uncaptioned images where the run leaves them out. */
  readonly data: TrainingData;
  readonly unpairedUse: UnpairedUse;
  readonly pixelThreads: PixelThreads;
  readonly outside: OpenedOutside;
  /** Rows that the towers take at a time; undefined: all. */
  readonly microBatch: number | undefined;
  readonly evaluations: PlannedEvaluations;
  readonly emit: (event: RunEvent) => Promise<void>;
}

/**
 * Opens what the plan of a run folder names: engine, model, data, evaluations; compiles the step. Emits `start` and what is to be
 * known before the first step.
 */
export async function prepareTraining(
  folder: RunFolder,
  emit: PreparedTraining['emit'],
): Promise<PreparedTraining> {
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
  const tokenizer = await loadTokenizer(plan.model.folder, config.text);
  const opened = await reopenTrainingData(plan);
  const mayLeaveOut = outside.parts.every(({method: {needs}}) => !needs.unpaired || needs.alike === true);
  const looked = {plan, data: opened, model, pixelThreads, mayLeaveOut, file: folder.partners};
  const unpairedUse = await decideUse(looked, emit);
  const data = unpairedUse.order === 'left-out' ? {...opened, unpaired: []} : opened;
  const trainee =
    plan.train.steps === 0
      ? restingModel(model)
      : trainingModel({config, source}, outside.parts, compileParts(outside.parts, model, updates, plan));
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
    ...{data, unpairedUse, pixelThreads, microBatch, evaluations, emit},
  };
}

/** How uncaptioned images take part; a phase of its own where the plan leaves it open, since images are embedded for it. */
async function decideUse(
  source: Omit<UnpairedSource, 'onProgress'>,
  emit: PreparedTraining['emit'],
): Promise<UnpairedUse> {
  if (source.plan.unpairedOrder === 'shuffled') return {order: 'shuffled', partners: null, likeness: null};
  await emit({type: 'phase', phase: 'match'});
  const use = await decideUnpaired({
    ...source,
    onProgress: ({done, total}) => emit({type: 'progress', phase: 'match', done, total}),
  });
  const message = unpairedNotice(use);
  if (message !== undefined) await emit({type: 'notice', message});
  return use;
}

function backOffNotice({microBatch, count}: BackOff): string {
  const times = count === 1 ? 'once' : `${count} times`;
  return `memory ran out ${times}: the towers now take ${microBatch} images or texts at a time; batch and objective stay`;
}
