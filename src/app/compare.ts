import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {comparisonCells, type Cell} from '../recipe/comparison.js';
import {planHash} from '../recipe/plan.js';
import type {ComparedRow} from '../report/comparison-table.js';
import type {ComparedDifferences} from '../report/differences-table.js';
import {exitCodes, UserError, type ExitCode} from '../support/errors.js';
import {prepareRun, startRun, type PreparedRun, type StartedRun} from './adapt.js';
import {comparedDifferences, type MeasuredRun} from './compared-differences.js';
import type {Metrics, RunEvent} from './events.js';
import {openRecipe} from './open-recipe.js';
import {keepEvaluation, keptItems, type Items} from './training/planned-evaluations.js';
import {runFolder} from './training/run-folder.js';

/** One run of a comparison, told before it starts. */
export interface CellStart {
  readonly type: 'cell';
  readonly label: string;
  readonly seed: number;
  /** Counted from 1. */
  readonly index: number;
  readonly total: number;
  /** Its result was there already. */
  readonly done: boolean;
}

/** A run of a comparison that ended with an error of its own; the others go on. */
export interface FailedCell {
  readonly label: string;
  readonly seed: number;
  readonly message: string;
}

export type CompareEvent =
  | CellStart
  | {readonly type: 'run'; readonly run: StartedRun; readonly event: RunEvent}
  | ({readonly type: 'failed'} & FailedCell);

export interface CompareOptions {
  /** The folder of the runs. */
  readonly out: string;
  /** `key=value`, in place of what the recipe says. */
  readonly settings?: readonly string[];
  readonly onNotice: (message: string) => void;
}

export interface Comparison {
  readonly rows: readonly ComparedRow[];
  /** How much better the runs are than the model before and than the first entry; none without a result. */
  readonly differences: readonly ComparedDifferences[];
  readonly failed: readonly FailedCell[];
  /** `oracle`: a run had the names of the classes that evaluation asks for as keywords. */
  readonly vocabulary: 'own' | 'oracle';
}

interface CellResult {
  readonly seconds: number;
  readonly before: Metrics;
  readonly after: Metrics;
}

interface FinishedCell {
  readonly cell: Cell;
  /** The folder of the run. */
  readonly path: string;
  readonly result: CellResult;
}

interface PreparedCell {
  readonly cell: Cell;
  readonly prepared: PreparedRun;
}

/**
 * Runs every method and seed of a recipe's `compare` section one after another, each in a folder of its own under
 * `out`. All of them are planned before the first begins. What is finished is not run again; what was cut off goes
 * on; a run that fails for a reason of its own is noted and the next one begins. Yields events, returns the table's
 * rows.
 */
export async function* compare(
  recipePath: string,
  {out, settings = [], onNotice}: CompareOptions,
): AsyncGenerator<CompareEvent, Comparison> {
  const cells = await prepareCells(recipePath, {out, settings, onNotice});
  const results: FinishedCell[] = [];
  const failed: FailedCell[] = [];
  const hasOracle = cells.some(({prepared}) => prepared.plan.keywords.oracle);
  const vocabulary = hasOracle ? ('oracle' as const) : ('own' as const);
  const comparison = async () => ({
    rows: comparedRows(results),
    differences: await measuredDifferences(results),
    ...{failed, vocabulary},
  });
  for (const [index, {cell, prepared}] of cells.entries()) {
    const {label, request} = cell;
    const finished = await finishedResult(prepared.path, planHash(prepared.plan));
    yield {type: 'cell', label, seed: request.seed, index: index + 1, total: cells.length, done: !!finished};
    if (!finished) {
      // all runs start from the same weights: what the first measured before training holds for the others
      const [first] = results;
      if (first) await keepEvaluation(runFolder(prepared.path).evaluations, 'before', first.result.before);
      const run = await startRun(prepared, {resume: true, onNotice: () => {}});
      try {
        for await (const event of run.events) {
          yield {type: 'run', run, event};
          if (event.type === 'stopped') return await comparison();
        }
      } catch (error) {
        const own = {label, seed: request.seed, message: messageOfOwn(error)};
        failed.push(own);
        yield {type: 'failed', ...own};
        continue;
      }
    }
    results.push({cell, path: prepared.path, result: finished ?? (await readResult(prepared.path))});
  }
  return comparison();
}

/** Plans every run, so that a mistake in the last is met before the first begins. */
async function prepareCells(
  recipePath: string,
  {out, settings = [], onNotice}: CompareOptions,
): Promise<PreparedCell[]> {
  const cells = comparisonCells(await openRecipe(recipePath, settings));
  const prepared: PreparedCell[] = [];
  for (const [index, cell] of cells.entries()) {
    const path = join(out, `${cell.label}-seed${cell.request.seed}`);
    // the first says what concerns all
    const options = {out: path, onNotice: index === 0 ? onNotice : () => {}};
    prepared.push({cell, prepared: await prepareRun(cell.request, options)});
  }
  return prepared;
}

/** What a run failed with, when that says nothing about the next one; anything else is thrown on. */
function messageOfOwn(error: unknown): string {
  const own: readonly ExitCode[] = [exitCodes.numerical, exitCodes.outOfMemory];
  if (error instanceof UserError && own.includes(error.exit)) return error.message;
  throw error;
}

/** The result of a finished run of exactly this plan. */
async function finishedResult(path: string, hash: string): Promise<CellResult | undefined> {
  try {
    const result = JSON.parse(await readFile(runFolder(path).result, 'utf8')) as CellResult & {run: string};
    return result.run === hash ? result : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function readResult(path: string): Promise<CellResult> {
  return JSON.parse(await readFile(runFolder(path).result, 'utf8')) as CellResult;
}

/** A row for the model before training, then one a method, in the recipe's order. */
function comparedRows(results: readonly FinishedCell[]): ComparedRow[] {
  const first = results[0];
  if (first === undefined) return [];
  const labels = [...new Set(results.map(({cell}) => cell.label))];
  const row = (label: string, metrics: readonly Metrics[], seconds: readonly number[]): ComparedRow => ({
    label,
    seeds: metrics.length,
    values: Object.fromEntries(
      Object.keys(metrics[0]!).map((name) => [name, metrics.map((of) => of[name]!.value)]),
    ),
    seconds,
  });
  return [
    row('before', [first.result.before], []),
    ...labels.map((label) => {
      const own = results.filter(({cell}) => cell.label === label).map(({result}) => result);
      return row(
        label,
        own.map(({after}) => after),
        own.map(({seconds}) => seconds),
      );
    }),
  ];
}

async function measuredDifferences(
  results: readonly FinishedCell[],
): Promise<readonly ComparedDifferences[]> {
  const [first] = results;
  if (first === undefined) return [];
  const runs: MeasuredRun[] = [];
  let before: Items | undefined;
  for (const {cell, path, result} of results) {
    const {evaluations} = runFolder(path);
    // one of them has measured it
    before ??= await keptItems(evaluations, 'before');
    const items = await keptItems(evaluations, 'after');
    runs.push({label: cell.label, seed: cell.request.seed, metrics: result.after, items});
  }
  return comparedDifferences({metrics: first.result.before, items: before}, runs);
}
