import {createHash} from 'node:crypto';
import {existsSync} from 'node:fs';
import {dirname, isAbsolute, join, resolve} from 'node:path';
import {openCaptioned} from '../../data/open-data.js';
import {checkRequest} from '../../recipe/check-request.js';
import {loadRecipe} from '../../recipe/load-recipe.js';
import {canonicalJson, smokePlan, type Plan} from '../../recipe/plan.js';
import {checkPretrainRecipe, exactPackage, type PretrainRecipe} from '../../recipe/pretrain-recipe.js';
import {applySettings} from '../../recipe/settings.js';
import type {PreparedRun} from '../adapt.js';
import {emitted} from '../emitted.js';
import {makePlan} from '../make-plan.js';
import {openCorpus, type Corpus, type CorpusEvent} from './corpus.js';
import {writeStartModel} from './start-model.js';

export interface PretrainOptions {
  /** `key=value`, as recipes take them. */
  readonly settings: readonly string[];
  /** The run folder; default: one named by the recipe. */
  readonly out?: string | undefined;
  /** Walk the whole way with two tiny steps. */
  readonly smoke?: boolean;
}

/** What pre-training will do. */
export interface PreparedPretraining extends PreparedRun {
  readonly corpus: Corpus;
}

/**
 * Makes everything that stands before the first step: the corpus in the user's cache, the untrained model with its tokenizer
 * in the run folder, the plan. From there on pre-training is an ordinary run. Yields what it does.
 * @throws UserError for a recipe with faults, or a corpus that cannot be made
 */
export async function* preparePretraining(
  recipePath: string,
  options: PretrainOptions,
): AsyncGenerator<CorpusEvent, PreparedPretraining> {
  const recipe = await readPretrainRecipe(recipePath, options.settings);
  const corpus = yield* emitted<CorpusEvent, Corpus>((emit) => openCorpus(recipe, emit));
  return yield* emitted<CorpusEvent, PreparedPretraining>(async (emit) => {
    const path = options.out ?? join('runs', `pretrain-${hashOf(recipe)}`);
    const model = await startModel(recipe, corpus, resolve(path));
    const full = await planOf({recipe, corpus, model}, (message) => emit({type: 'notice', message}));
    return {plan: options.smoke ? smokePlan(full) : full, path, corpus};
  });
}

/**
 * The corpus of a recipe alone.
 * @throws UserError as {@link preparePretraining} does
 */
export async function* prepareCorpus(
  recipePath: string,
  {settings}: Pick<PretrainOptions, 'settings'>,
): AsyncGenerator<CorpusEvent, Corpus> {
  const recipe = await readPretrainRecipe(recipePath, settings);
  return yield* emitted<CorpusEvent, Corpus>((emit) => openCorpus(recipe, emit));
}

/**
 * Reads a recipe for pre-training. Folders in it are relative to it.
 * @throws UserError naming every fault
 */
export async function readPretrainRecipe(path: string, settings: readonly string[]): Promise<PretrainRecipe> {
  const {content: written, placeOf} = await loadRecipe(path);
  const {content, settingAt} = applySettings(written, settings);
  const recipe = checkPretrainRecipe(
    content,
    (entry) => settingAt(entry) ?? `${path}:${placeOf?.(entry) ?? '1:1'}`,
  );
  const placed = (source: string) =>
    exactPackage.test(source) || isAbsolute(source) ? source : join(dirname(path), source);
  const {packages, heldOutStyle} = recipe.corpus;
  return {
    ...recipe,
    corpus: {
      ...recipe.corpus,
      packages: packages.map(placed),
      ...(heldOutStyle !== undefined && {heldOutStyle: placed(heldOutStyle)}),
    },
  };
}

/** The untrained model in the run folder, under a name of what decides it: a run of another recipe is then another plan. */
async function startModel(recipe: PretrainRecipe, corpus: Corpus, path: string): Promise<string> {
  const {model, seed} = recipe;
  const folder = join(path, `start-${hashOf({model, seed, corpus: corpus.folder})}`);
  if (existsSync(folder)) return folder;
  const {rows} = await openCaptioned(corpus.paths.train);
  const captions = [...rows].flatMap((row) => row.captions);
  await writeStartModel(folder, model, {captions, seed});
  return folder;
}

interface Planned {
  readonly recipe: PretrainRecipe;
  readonly corpus: Corpus;
  /** Folder of the untrained model. */
  readonly model: string;
}

async function planOf({recipe, corpus, model}: Planned, onNotice: (message: string) => void): Promise<Plan> {
  const {crop, mirror, evaluateEvery, ...train} = recipe.train;
  const {parts} = corpus.report;
  const measured = (['held-out-concepts', 'held-out-style'] as const).filter(
    (part) => parts[part].images > 0,
  );
  const request = checkRequest(
    {
      ...train,
      model,
      captioned: corpus.paths.train,
      evaluate: measured.map((part) => corpus.paths[part]),
      seed: recipe.seed,
      // there is nothing to mix with in an untrained model
      select: 'last',
      ...(recipe.domain !== undefined && {domain: recipe.domain}),
    },
    'pretrain',
  );
  const plan = await makePlan(request, onNotice);
  return {...plan, augmentation: {crop, mirror}, evaluateEvery: evaluateEvery ?? null};
}

/** Ten hexadecimal digits of what something says. */
function hashOf(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('hex').slice(0, 10);
}
