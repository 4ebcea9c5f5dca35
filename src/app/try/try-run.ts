import {join} from 'node:path';
import {resolveEngine} from '../../engine/resolve-engine.js';
import type {Plan} from '../../recipe/plan.js';
import type {CaptionedPicture} from '../../report/page-parts.js';
import {writeFileAtomically, writeJsonAtomically} from '../../support/atomic-file.js';
import {exitCodes, UserError} from '../../support/errors.js';
import {packageRoot} from '../../support/package-root.js';
import {compare, type CompareEvent, type Comparison} from '../compare.js';
import type {OpenModelEvent} from '../open-model.js';
import {picturePixels} from '../report/picture.js';
import {pseudoSamples} from '../report/pseudo-samples.js';
import {readPlan, runFolder} from '../training/run-folder.js';
import {measureModels, type LabelledModel} from './measure-models.js';
import {claimTryFolder, type TryFolder} from './try-folder.js';
import {tryPage} from './try-page.js';
import {tryVerdict} from './try-verdict.js';
import {
  triedDifference,
  triedModel,
  type Measurement,
  type TriedSample,
  type TryReport,
} from './try-report.js';

/** Settings of the recipe for the fast budget. */
const fastSettings = ['steps=12', 'warmupSteps=3'];

/** What is tried: the recipe's labels, and what people call them. */
const methods = [
  {label: 'clip', name: 'supervised'},
  {label: 's-clip', name: 's-clip'},
] as const;

/** Pictures with captions in the report. */
const sampleCount = 12;

export type {TriedSample, TryReport} from './try-report.js';

export interface TryOptions {
  /** Undefined: `runs/try`, or `runs/try-fast`. */
  readonly out?: string | undefined;
  readonly fast: boolean;
  /** How this program is called, for the commands at the end. */
  readonly program: string;
  /** `key=value`, in place of what the recipe says. */
  readonly settings?: readonly string[];
  readonly onNotice: (message: string) => void;
}

/** Work of this process that is told as it goes on. */
export interface WorkEvent {
  readonly type: 'progress';
  readonly what: string;
  readonly done: number;
  readonly total: number;
}

export type TryEvent = CompareEvent | WorkEvent | Exclude<OpenModelEvent, {type: 'progress'}>;

/** Side of a picture on the terminal, in pixels. */
const thumbnailSide = 16;

/** What came out, with small pictures of the samples. */
export interface TryOutcome {
  readonly report: TryReport;
  readonly thumbnails: readonly {readonly pixels255: Uint8Array; readonly side: number}[];
}

/**
 * Shows the tool at its work: adapts the model of recipe emoji-small with supervised tuning and with S-CLIP, on the same data,
 * order and budget, measures all three models on the same held-out images and writes a report. What an earlier call of the
 * same settings left unfinished goes on. Yields events; returns undefined when it was stopped.
 * @throws UserError when the data, model or engine is not to be had, or a run fails
 */
export async function* tryRun(options: TryOptions): AsyncGenerator<TryEvent, TryOutcome | undefined> {
  const started = performance.now();
  const fast = chosenBudget(options);
  const settings = ['evaluate=[]', ...(fast ? fastSettings : []), ...(options.settings ?? [])];
  const base = options.out ?? (fast ? join('runs', 'try-fast') : join('runs', 'try'));
  const folder = await claimTryFolder(base, {version: 1, settings});
  const recipe = join(packageRoot(), 'recipes', 'emoji-small.yaml');
  const comparison = yield* trained(
    compare(recipe, {out: folder.path, settings, onNotice: options.onNotice}),
  );
  if (comparison === undefined) return undefined;
  const plan = await readPlan(runOf(folder, 's-clip'));
  const {engine, seed} = plan;
  const measured = yield* measureModels(triedModels(folder, plan), {domain: 'emoji', engine, seed});
  const drawn = yield* pseudoSamples(plan, {
    models: [
      {by: 'before', folder: plan.model.folder},
      {by: 'after s-clip', folder: runFolder(runOf(folder, 's-clip')).model},
    ],
    count: sampleCount,
  });
  const pictures = drawn.map((picture) => ({...picture, name: emojiName(picture.name)}));
  const report = reportOf({folder, plan, measured, pictures, fast, program: options.program, started});
  await writeFileAtomically(folder.page, await tryPage(report, pictures));
  await writeJsonAtomically(folder.result, report);
  const thumbnails = pictures.map(async ({png}) => ({
    pixels255: await picturePixels(png, thumbnailSide),
    side: thumbnailSide,
  }));
  return {report, thumbnails: await Promise.all(thumbnails)};
}

/** Fast where it is asked for, and where nothing but wasm computes. */
function chosenBudget({fast, onNotice}: TryOptions): boolean {
  if (fast || resolveEngine('auto') !== 'wasm') return fast;
  onNotice(
    'try: the budget is that of --fast, because without TensorFlow the full one would take an hour or more',
  );
  return true;
}

/** Passes events on; undefined when a run was stopped. */
async function* trained(
  events: AsyncGenerator<CompareEvent, Comparison>,
): AsyncGenerator<CompareEvent, Comparison | undefined> {
  let stopped = false;
  for (;;) {
    const next = await events.next();
    if (next.done) {
      const [failed] = next.value.failed;
      if (failed === undefined) return stopped ? undefined : next.value;
      throw new UserError(`${failed.label}: ${failed.message}`, {exit: exitCodes.cells});
    }
    const event = next.value;
    if (event.type === 'run' && event.event.type === 'stopped') stopped = true;
    yield event;
  }
}

function runOf({path}: TryFolder, label: string): string {
  return join(path, `${label}-seed0`);
}

/** The model before training, and what each method made of it. */
function triedModels(folder: TryFolder, plan: Plan): LabelledModel[] {
  return [
    {label: 'before', folder: plan.model.folder},
    ...methods.map(({label, name}) => ({label: name, folder: runFolder(runOf(folder, label)).model})),
  ];
}

interface Found {
  readonly folder: TryFolder;
  readonly plan: Plan;
  readonly measured: readonly Measurement[];
  readonly pictures: readonly CaptionedPicture[];
  readonly fast: boolean;
  readonly program: string;
  readonly started: number;
}

function reportOf({folder, plan, measured, pictures, fast, program, started}: Found): TryReport {
  const [before, supervised, sClip] = measured as [Measurement, Measurement, Measurement];
  const {seed, train, counts, engine, model} = plan;
  const images = sClip.result.zeroShot?.images ?? sClip.result.retrieval?.images ?? 0;
  const differences = [
    triedDifference(before, supervised, seed),
    triedDifference(before, sClip, seed),
    triedDifference(supervised, sClip, seed),
  ];
  return {
    type: 'try',
    version: 1,
    folder: folder.path,
    page: folder.page,
    budget: fast ? 'fast' : 'full',
    model: model.reference,
    ...{engine, seed, steps: train.steps, batch: train.batch},
    images: {...counts, test: images},
    models: measured.map(triedModel),
    differences,
    verdict: tryVerdict(differences),
    samples: pictures.map(({name, captions}): TriedSample => ({
      image: name,
      captions: captions.map(plainCaptions),
    })),
    next: nextCommands(program),
    seconds: (performance.now() - started) / 1000,
  };
}

function plainCaptions({by, lines}: CaptionedPicture['captions'][number]): TriedSample['captions'][number] {
  return {by, lines: lines.map(({caption, weight}) => ({caption, weight}))};
}

/** `red apple` for `red-apple.1f34e.webp`. */
function emojiName(id: string): string {
  return id.split('.')[0]!.replaceAll('-', ' ');
}

/** What a person would run next on their own data. */
function nextCommands(program: string): string[] {
  const adapted = 'runs/mine/model';
  return [
    `${program} adapt --model ViT-B-32/openai --captioned my-pairs/ --unpaired my-photos/ --out runs/mine`,
    `${program} eval --model ${adapted} --baseline ViT-B-32/openai --data my-test/`,
    `${program} embed my-photos/ --model ${adapted} --out embedded/ && ${program} search "red heart" --in embedded/`,
  ];
}
