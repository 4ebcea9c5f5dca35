import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Domain} from '../../data/domain.js';
import {distinctNames} from '../../eval/distinct-names.js';
import type {PixelThreads} from '../../data/pixels/pixel-threads.js';
import type {ItemScores} from '../../eval/bootstrap.js';
import type {EvaluationResult} from '../../eval/evaluation-result.js';
import {eventMetrics} from '../../eval/metric-names.js';
import {createEmbedder, type Embedder} from '../../model/embedder.js';
import type {ClipConfig} from '../../model/clip-config.js';
import {createTokenEmbedder} from '../../model/diagnostics/token-embedder.js';
import type {Tokenizer} from '../../model/tokenizer.js';
import type {Plan} from '../../recipe/plan.js';
import {writeFileAtomically, writeJsonAtomically} from '../../support/atomic-file.js';
import {prepareEvaluation, runEvaluation, type PreparedEvaluation, type RunOptions} from '../evaluate.js';
import type {EvaluationEvent, Metrics, Phase, RunEvent} from '../events.js';
import type {SolvedModel} from './solve.js';

/** The measurements that a plan asks for, ready to be made on changing weights. */
export interface PlannedEvaluations {
  /**
   * Measures the model before the first step, or reads what was measured before the run was cut off. Nothing is reported
   * when the plan asks for no measurement.
   */
  before: Evaluate;
  /** The same of the weights after some steps. */
  during(step: number): Evaluate;
  /** The same of what the run leaves. */
  after: Evaluate;
}

/** Metric name -> what each image scored. */
export type Items = Readonly<Record<string, ItemScores>>;

type Evaluate = (made: () => SolvedModel, emit: (event: RunEvent) => Promise<void>) => Promise<Metrics>;

interface PlanningContext {
  readonly plan: Plan;
  readonly domain: Domain | undefined;
  readonly config: ClipConfig;
  readonly tokenizer: Tokenizer;
  readonly pixelThreads: PixelThreads;
  /** Where results are kept, one file a step. */
  readonly folder: string;
}

/** Opens the evaluation sets of a plan and tokenises what they need. */
export async function planEvaluations(context: PlanningContext): Promise<PlannedEvaluations> {
  const {plan, domain, config, tokenizer, pixelThreads, folder} = context;
  const prepared = await Promise.all(
    plan.evaluate.map(({path, split, limit}) =>
      prepareEvaluation(
        {
          ...{data: path, split: split ?? undefined, limit: limit ?? undefined, domain, seed: plan.seed},
          foreign: 'allowed',
        },
        {config, tokenizer, pixelThreads},
      ),
    ),
  );
  const at =
    (moment: Moment, step: number): Evaluate =>
    async (made, emit) => {
      if (prepared.length === 0) return {};
      const phase: Phase = `evaluate-${moment}`;
      await emit({type: 'phase', phase});
      const file = evaluationFile(folder, moment, step);
      const onProgress = (done: number, total: number) => emit({type: 'progress', phase, done, total});
      let metrics = await readJson<Metrics>(file);
      if (metrics === undefined) {
        const measured = await measure(made(), prepared, onProgress);
        metrics = measured.metrics;
        // first, so that it is there wherever the metrics are
        if (moment !== 'during') await writeFileAtomically(itemsFile(file), JSON.stringify(measured.items));
        await writeJsonAtomically(file, metrics);
      }
      await emit({type: 'evaluation', moment, step, metrics});
      return metrics;
    };
  return {
    before: at('before', 0),
    during: (step) => at('during', step),
    after: at('after', plan.train.steps),
  };
}

/** Keeps what was measured, so that it is not measured again. */
export async function keepEvaluation(
  folder: string,
  moment: Exclude<Moment, 'during'>,
  metrics: Metrics,
): Promise<void> {
  await writeJsonAtomically(evaluationFile(folder, moment, 0), metrics);
}

type Moment = EvaluationEvent['moment'];

function evaluationFile(folder: string, moment: Moment, step: number): string {
  const name = moment === 'during' ? `step-${String(step).padStart(6, '0')}` : moment;
  return join(folder, `${name}.json`);
}

/** What each image scored by metric, of an evaluation of a run; undefined where that was kept without being measured. */
export async function keptItems(
  folder: string,
  moment: Exclude<Moment, 'during'>,
): Promise<Items | undefined> {
  return readJson(itemsFile(evaluationFile(folder, moment, 0)));
}

function itemsFile(evaluation: string): string {
  return evaluation.replace(/\.json$/, '.items.json');
}

async function readJson<T>(file: string): Promise<T | undefined> {
  return existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as T) : undefined;
}

async function measure(
  {model, head, tokenHeads}: SolvedModel,
  prepared: readonly PreparedEvaluation[],
  onProgress: (done: number, total: number) => Promise<void>,
): Promise<{readonly metrics: Metrics; readonly items: Items}> {
  const embedder = createEmbedder(model);
  const tokens = tokenHeads && {
    method: tokenHeads.method,
    embedder: createTokenEmbedder(model, tokenHeads),
  };
  try {
    const metrics: Record<string, Metrics[string]> = {};
    const items: Record<string, ItemScores> = {};
    const names = distinctNames(prepared);
    for (const [i, set] of prepared.entries()) {
      const result = await measureSet(embedder, {set, head, tokens}, onProgress);
      const named = eventMetrics({...result, dataset: names[i]!});
      for (const [name, {value, ci95, scores}] of Object.entries(named)) {
        metrics[name] = {value, ci95};
        items[name] = plainScores(scores);
      }
    }
    return {metrics, items};
  } finally {
    tokens?.embedder.dispose();
    embedder.dispose();
  }
}

/** Typed arrays as JSON has them. */
function plainScores({sums, counts, groups}: ItemScores): ItemScores {
  const plain = (values: ArrayLike<number>) => Array.from(values);
  return {sums: plain(sums), counts: plain(counts), ...(groups && {groups: plain(groups)})};
}

async function measureSet(
  embedder: Embedder,
  {set, ...options}: RunOptions & {readonly set: PreparedEvaluation},
  onProgress: (done: number, total: number) => Promise<void>,
): Promise<EvaluationResult> {
  const steps = runEvaluation(embedder, set, options);
  for (;;) {
    const next = await steps.next();
    if (next.done) return next.value;
    await onProgress(next.value.done, next.value.total);
  }
}
