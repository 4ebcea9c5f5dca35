import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import type {Plan} from '../../recipe/plan.js';
import type {Figure} from '../../report/figure.js';
import type {CaptionedPicture} from '../../report/page-parts.js';
import {writeFileAtomically} from '../../support/atomic-file.js';
import {exitCodes, UserError} from '../../support/errors.js';
import type {Metrics} from '../events.js';
import type {PseudoShowEvent} from '../pseudo-show.js';
import type {Environment} from '../training/environment.js';
import type {UnpairedUse} from '../training/decide-unpaired.js';
import {readPlan, runFolder} from '../training/run-folder.js';
import {lossPoints} from './loss-points.js';
import {pseudoSamples} from './pseudo-samples.js';
import {runPage} from './run-page.js';

/** What `result.json` of a run holds, as far as it is reported. */
export interface RunResult {
  readonly run: string;
  readonly seconds: number;
  readonly weightsSha256: string;
  /** Null or not there: no uncaptioned images were read, or it was not noted. */
  readonly unpairedOrder?: UnpairedUse['order'] | null;
  readonly before: Metrics;
  readonly after: Metrics;
}

export interface RunReportOptions {
  readonly run: string;
  /** Undefined: `report.html` in the folder of the run. */
  readonly out?: string | undefined;
  /** Uncaptioned images that are shown with their pseudo-captions; 0 needs no engine. */
  readonly samples: number;
}

/** What was written. */
export interface WrittenReport {
  readonly report: string;
  readonly run: string;
  readonly before: Readonly<Record<string, Figure>>;
  readonly after: Readonly<Record<string, Figure>>;
}

/**
 * Writes the report of a finished run as one HTML file that opens offline. Yields progress.
 * @throws UserError when the folder holds no finished run; for samples, when its data or model is gone
 */
export async function* runReport(options: RunReportOptions): AsyncGenerator<PseudoShowEvent, WrittenReport> {
  const folder = runFolder(options.run);
  const plan = await readPlan(options.run);
  const result = await readResult(options.run);
  const pictures = yield* samplesOf(plan, options);
  const environment = JSON.parse(await readFile(folder.environment, 'utf8')) as Environment;
  const losses = await lossPoints(folder.metrics);
  const report = options.out ?? join(options.run, 'report.html');
  const content = {run: options.run, plan, result, environment, losses, pictures};
  await writeFileAtomically(report, await runPage(content));
  const {run, before, after} = result;
  return {report, run, before, after};
}

/** Pictures with captions before and after, where the run shared captions out to uncaptioned images. */
async function* samplesOf(
  plan: Plan,
  {run, samples}: RunReportOptions,
): AsyncGenerator<PseudoShowEvent, CaptionedPicture[]> {
  if (samples === 0 || plan.counts.unpaired === 0 || plan.counts.captioned < 2) return [];
  const models = [
    {by: 'before', folder: plan.model.folder},
    {by: 'after', folder: runFolder(run).model},
  ];
  return yield* pseudoSamples(plan, {models, count: samples});
}

async function readResult(run: string): Promise<RunResult> {
  const {result} = runFolder(run);
  if (!existsSync(result)) {
    throw new UserError(`${run}: expected a finished run, got one without a result`, {
      exit: exitCodes.data,
      tryThis: 'finish it: the command of the run with --resume',
    });
  }
  return JSON.parse(await readFile(result, 'utf8')) as RunResult;
}
