import {readFile, stat} from 'node:fs/promises';
import {basename, dirname, resolve} from 'node:path';
import {domainOf} from '../data/domain-data.js';
import {loadDomain} from '../data/load-domain.js';
import type {EngineChoice} from '../engine/backend.js';
import {benchmarkRecord, type BenchmarkRecord, type EvaluatedModel} from '../eval/benchmark-record.js';
import type {EvaluationResult} from '../eval/evaluation-result.js';
import {createEmbedder} from '../model/embedder.js';
import {writeJsonAtomically} from '../support/atomic-file.js';
import {exitCodes, UserError} from '../support/errors.js';
import {
  prepareEvaluation,
  runEvaluation,
  type EvaluationProgress,
  type EvaluationRequest,
} from './evaluate.js';
import {openEngine, openModel, type OpenModelEvent} from './open-model.js';
import {hasRun, readPlan} from './training/run-folder.js';

export type {BenchmarkRecord} from '../eval/benchmark-record.js';
export type {DirectionResult, EvaluationResult, Measured} from '../eval/evaluation-result.js';

export interface EvaluateModelOptions extends Omit<EvaluationRequest, 'domain' | 'templates'> {
  /** A folder, `hf:owner/name`, or a name such as `ViT-B-32/openai`. */
  readonly model: string;
  /** By name, or the path of a file; undefined: that of `domain:NAME` data, else none. */
  readonly domain?: string | undefined;
  /** Templates with `{}`, or files with one a line. */
  readonly templates?: readonly string[] | undefined;
  readonly engine?: EngineChoice | undefined;
  /** Images or texts embedded at a time. */
  readonly batch?: number | undefined;
  /** Where the record is written, whole or not at all. */
  readonly out?: string | undefined;
}

export interface EvaluatedResult {
  readonly record: BenchmarkRecord;
  readonly result: EvaluationResult;
}

/**
 * Measures a model on held-out data. Yields progress; returns the figures for people and as a record.
 * @throws UserError for anything about the options, the data, the model or the engine
 */
export async function* evaluateModel(
  options: EvaluateModelOptions,
): AsyncGenerator<EvaluationProgress | OpenModelEvent, EvaluatedResult> {
  const {model: reference, data, batch, out} = options;
  await refuseFolder(out);
  const domainName = options.domain ?? domainOf(data) ?? undefined;
  const domain = domainName === undefined ? undefined : await loadDomain(domainName);
  const templates = options.templates && (await readTemplates(options.templates));
  const {folder, model, tokenizer} = yield* openModel(reference);
  const prepared = await prepareEvaluation(
    {...options, domain, templates},
    {config: model.config, tokenizer},
  );
  yield* openEngine(options.engine ?? 'auto');
  const embedder = createEmbedder(model);
  try {
    const result = yield* runEvaluation(embedder, prepared, batch === undefined ? {} : {batch});
    const about = {...(await evaluatedModel(reference, folder)), seed: prepared.seed};
    const record = benchmarkRecord(result, about);
    if (out !== undefined) await writeJsonAtomically(out, record);
    return {record, result};
  } finally {
    embedder.dispose();
  }
}

/** What would go wrong at the end is said at the start. */
async function refuseFolder(out: string | undefined): Promise<void> {
  if (out === undefined) return;
  const isFolder = (await stat(out).catch(() => undefined))?.isDirectory() ?? false;
  if (isFolder) throw new UserError(`--out: expected a file, got the folder ${out}`);
}

/** How a record names a model: the run that made it tells its method. */
async function evaluatedModel(reference: string, folder: string): Promise<Omit<EvaluatedModel, 'seed'>> {
  const run = dirname(resolve(folder));
  if (basename(folder) === 'model' && hasRun(run)) {
    const plan = await readPlan(run);
    const {name} = plan.method;
    return {model: plan.model.reference, pretrained: reference, method: name, trainingSeed: plan.seed};
  }
  const method = 'zero-shot';
  if (resolve(reference) === resolve(folder)) return {model: basename(folder), pretrained: reference, method};
  const [, architecture, tag] = /^([^/:]+)\/([^/]+)$/.exec(reference) ?? [];
  if (architecture !== undefined && tag !== undefined) return {model: architecture, pretrained: tag, method};
  return {model: reference.replace(/^hf:/, ''), pretrained: reference, method};
}

/** Templates as they are given, files by their lines; empty lines and lines that start with # do not count. */
async function readTemplates(given: readonly string[]): Promise<string[]> {
  const lists = await Promise.all(
    given.map(async (entry) => {
      if (entry.includes('{}')) return [entry];
      const isFile = (await stat(entry).catch(() => undefined))?.isFile() ?? false;
      if (!isFile) {
        throw new UserError(`--templates: expected a text with {} or a file, got ${entry}`, {
          tryThis: '--templates "an aerial photograph of {}."',
        });
      }
      const lines = (await readFile(entry, 'utf8')).split(/\r\n|\r|\n/).map((line) => line.trim());
      return lines.filter((line) => line !== '' && !line.startsWith('#'));
    }),
  );
  const templates = lists.flat();
  if (templates.length > 0) return templates;
  throw new UserError(`--templates: expected at least one template, got empty files`, {exit: exitCodes.data});
}
