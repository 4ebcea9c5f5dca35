import {readFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {comparisonCells, type Cell} from '../recipe/comparison.js';
import {loadRecipe} from '../recipe/load-recipe.js';
import {planHash} from '../recipe/plan.js';
import type {ComparedRow} from '../report/comparison-table.js';
import {prepareRun, startRun, type StartedRun} from './adapt.js';
import type {Metrics, RunEvent} from './events.js';
import {relativeTo} from './request-from.js';
import {keepEvaluation} from './training/planned-evaluations.js';
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

export type CompareEvent =
  CellStart | {readonly type: 'run'; readonly run: StartedRun; readonly event: RunEvent};

export interface Comparison {
  readonly rows: readonly ComparedRow[];
}

interface CellResult {
  readonly seconds: number;
  readonly before: Metrics;
  readonly after: Metrics;
}

/**
 * Runs every method and seed of a recipe's `compare` section one after another, each in a folder of its own under
 * `out`. What is finished is not run again; what was cut off goes on. Yields events, returns the table's rows.
 */
export async function* compare(
  recipePath: string,
  {out, onNotice}: {readonly out: string; readonly onNotice: (message: string) => void},
): AsyncGenerator<CompareEvent, Comparison> {
  const recipe = await loadRecipe(recipePath);
  const cells = comparisonCells({...recipe, content: relativeTo(dirname(recipePath), recipe.content)});
  const results: {cell: Cell; result: CellResult}[] = [];
  for (const [index, cell] of cells.entries()) {
    const path = join(out, `${cell.label}-seed${cell.request.seed}`);
    const options = {out: path, resume: true, onNotice: index === 0 ? onNotice : () => {}};
    const prepared = await prepareRun(cell.request, options);
    const finished = await finishedResult(path, planHash(prepared.plan));
    const {label, request} = cell;
    yield {type: 'cell', label, seed: request.seed, index: index + 1, total: cells.length, done: !!finished};
    if (!finished) {
      // all runs start from the same weights: what the first measured before training holds for the others
      const [first] = results;
      if (first) await keepEvaluation(runFolder(path).evaluations, 0, first.result.before);
      const run = await startRun(prepared, {...options, onNotice: () => {}});
      for await (const event of run.events) {
        yield {type: 'run', run, event};
        if (event.type === 'stopped') return {rows: comparedRows(results)};
      }
    }
    results.push({cell, result: finished ?? (await readResult(path))});
  }
  return {rows: comparedRows(results)};
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
function comparedRows(results: readonly {cell: Cell; result: CellResult}[]): ComparedRow[] {
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
