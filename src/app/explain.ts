import {startPixelThreads} from '../data/pixels/pixel-threads.js';
import {startEngine} from '../engine/backend.js';
import {stepCost, type StepCost} from '../engine/step-cost.js';
import type {HostArray, HostArrays} from '../engine/step.js';
import {symbolsIn} from '../methods/contract/describe-method.js';
import {describeParts, type WeightedTerm} from '../methods/contract/describe-parts.js';
import {extraWeights, firstState, scheduled, type Part} from '../methods/contract/parts.js';
import {loadClip} from '../model/checkpoint.js';
import type {ClipModel} from '../model/clip-model.js';
import {loadTokenizer} from '../model/tokenizer.js';
import type {Plan} from '../recipe/plan.js';
import {openOutside, type OpenedOutside} from './sides/open-outside.js';
import {batchMaker} from './training/batches.js';
import {stepProgram, type StepProgram} from './training/compile-parts.js';
import {plannedParts} from './training/run-parts.js';
import {runSizes} from './training/run-sizes.js';
import {reopenTrainingData} from './training/training-data.js';

/** A tensor by name and shape. */
export interface NamedShape {
  readonly name: string;
  readonly shape: readonly number[];
}

/** What a plan would compute, in full. */
export interface Explanation {
  readonly version: 1;
  /** The sum of all terms that are not 0; empty for a run that takes no steps. */
  readonly terms: readonly WeightedTerm[];
  /** What is solved behind the last step, by method. */
  readonly solved: readonly {readonly method: string; readonly value: string}[];
  /** The symbols in both and what they stand for. */
  readonly symbols: Readonly<Record<string, string>>;
  /** What a step reads. */
  readonly batch: readonly NamedShape[];
  /** Numbers of the towers. */
  readonly towers: {readonly all: number; readonly trained: number};
  /** Weights of the methods' own, which all train. */
  readonly extras: readonly NamedShape[];
  /** What the methods remember from step to step. */
  readonly state: readonly NamedShape[];
  /** Numbers that never change: the model before the run and teachers, where methods read them. */
  readonly constants: number;
  /** Null where it cannot be counted: it takes TensorFlow. */
  readonly cost: StepCost | null;
}

/**
 * Explains a plan: opens its model and makes its first batch, records a step and trains nothing.
 * @throws UserError as the run would when it starts
 */
export async function explainPlan(plan: Plan): Promise<Explanation> {
  const opened = await openOutside(await plannedParts(plan), plan.outside);
  try {
    return await explained(plan, opened);
  } finally {
    await opened.close();
  }
}

async function explained(
  plan: Plan,
  {parts, sides}: Pick<OpenedOutside, 'parts' | 'sides'>,
): Promise<Explanation> {
  const solved = parts.flatMap(({method: {name, formula}}) =>
    formula.solved === undefined ? [] : [{method: name, value: formula.solved}],
  );
  const model = await loadClip(plan.model.folder);
  const {config, weights, state} = model;
  const all = count(weights);
  if (plan.train.steps === 0) {
    const none = {terms: [], batch: [], extras: [], state: [], constants: 0, cost: null};
    return {version: 1, ...none, solved, symbols: symbolsOf(solved), towers: {all, trained: 0}};
  }
  const sizes = runSizes(plan);
  const program = stepProgram(parts, model, {...plan.train, seed: plan.seed, sizes});
  const batch = await firstBatch(plan, {parts, sides}, model);
  const own = firstState(parts, config, {...weights, ...state}, sizes);
  const terms = describeParts(parts);
  return {
    version: 1,
    terms,
    solved,
    symbols: symbolsOf([...terms, ...solved]),
    batch: shapes(batch),
    towers: {all, trained: count(among(weights, program.options.trained))},
    extras: shapes(extraWeights(parts, config, plan.seed, sizes)),
    state: shapes(own),
    constants: count(program.options.constants ?? {}),
    cost: await costOf(plan, parts, {program, batch}),
  };
}

function symbolsOf(formulas: readonly {readonly value: string}[]): Record<string, string> {
  return symbolsIn(formulas.map(({value}) => value).join('\n'));
}

async function firstBatch(
  plan: Plan,
  {parts, sides}: Pick<OpenedOutside, 'parts' | 'sides'>,
  {config}: ClipModel,
): Promise<HostArrays> {
  const pixelThreads = startPixelThreads();
  try {
    const tokenizer = await loadTokenizer(plan.model.folder, config.text);
    const data = await reopenTrainingData(plan);
    return await batchMaker({plan, data, parts, sides, config, tokenizer, pixelThreads})(0);
  } finally {
    await pixelThreads.close();
  }
}

async function costOf(
  plan: Plan,
  parts: readonly Part[],
  {program: {step, options}, batch}: {readonly program: StepProgram; readonly batch: HostArrays},
): Promise<StepCost | null> {
  await startEngine(plan.engine);
  const scalars = [
    'learningRate',
    'step',
    ...Object.keys(scheduled(parts, {step: 0, steps: plan.train.steps})),
  ];
  return stepCost(step, options, {batch, scalars, precision: plan.precision}) ?? null;
}

function among(arrays: HostArrays, names: ReadonlySet<string>): HostArrays {
  return Object.fromEntries(Object.entries(arrays).filter(([name]) => names.has(name)));
}

function count(arrays: HostArrays): number {
  return Object.values(arrays).reduce((sum, {data}) => sum + data.length, 0);
}

function shapes(arrays: Readonly<Record<string, HostArray>>): NamedShape[] {
  return Object.entries(arrays).map(([name, {shape}]) => ({name, shape}));
}
