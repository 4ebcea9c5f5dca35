import {readFile, stat} from 'node:fs/promises';
import {domainOf} from '../data/domain-data.js';
import {loadDomain} from '../data/load-domain.js';
import {utf8Text} from '../data/utf8-text.js';
import type {EngineChoice} from '../engine/backend.js';
import {benchmarkRecord, type BenchmarkRecord, type EvaluatedModel} from '../eval/benchmark-record.js';
import type {EvaluationResult} from '../eval/evaluation-result.js';
import {pairedDifferences} from '../eval/paired-differences.js';
import {loadClassHead, type ClassHead} from '../model/class-head.js';
import type {ClipModel} from '../model/clip-model.js';
import {createTokenEmbedder} from '../model/diagnostics/token-embedder.js';
import {createEmbedder} from '../model/embedder.js';
import {loadTokenHeads, type TokenHeads} from '../model/token-heads.js';
import {writeJsonAtomically} from '../support/atomic-file.js';
import {exitCodes, UserError} from '../support/errors.js';
import {dataReference} from './data-reference.js';
import {
  prepareEvaluation,
  runEvaluation,
  type EvaluationProgress,
  type EvaluationRequest,
  type PreparedEvaluation,
} from './evaluate.js';
import {evaluatedModel} from './evaluated-model.js';
import {openEngine, openModel, type OpenModelEvent} from './open-model.js';

export type {BenchmarkRecord} from '../eval/benchmark-record.js';
export type {DirectionResult, EvaluationResult, Measured} from '../eval/evaluation-result.js';

export interface EvaluateModelOptions extends Omit<EvaluationRequest, 'domain' | 'templates'> {
  /** A folder, `hf:owner/name`, or a name such as `ViT-B-32/openai`. */
  readonly model: string;
  /** Another model to compare with on the same images. */
  readonly baseline?: string | undefined;
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

type EvaluateModelEvent = EvaluationProgress | OpenModelEvent;

/**
 * Measures a model on held-out data, and another one beside it when asked. Yields progress; returns the figures for
 * people and as a record.
 * @throws UserError for anything about the options, the data, the model or the engine
 */
export async function* evaluateModel(
  options: EvaluateModelOptions,
): AsyncGenerator<EvaluateModelEvent, EvaluatedResult> {
  const {out, baseline: other, engine = 'auto', seed = 0} = options;
  const {path: data, split} = dataReference(options.data, options.split);
  await refuseFolder(out);
  const domainName = options.domain ?? domainOf(data) ?? undefined;
  const domain = domainName === undefined ? undefined : await loadDomain(domainName);
  const templates = options.templates && (await readTemplates(options.templates));
  const request = {...options, data, split, domain, templates};
  const models = [options.model, ...(other === undefined ? [] : [other])];
  const opened = [];
  for (const reference of models) opened.push(yield* prepareModel(reference, request));
  yield* openEngine(engine);
  const measured = [];
  for (const model of opened) measured.push(yield* measureModel(model, options.batch));
  const [{result, about}, before] = measured as [MeasuredModel, MeasuredModel?];
  const baseline = before && {...before, differences: pairedDifferences(before.result, result, seed)};
  const record = benchmarkRecord(result, {...about, seed}, baseline);
  if (out !== undefined) await writeJsonAtomically(out, record);
  return {record, result};
}

interface PreparedModel {
  readonly model: ClipModel;
  readonly head: ClassHead | undefined;
  readonly heads: TokenHeads | undefined;
  readonly about: MeasuredModel['about'];
  readonly prepared: PreparedEvaluation;
}

interface MeasuredModel {
  readonly about: Omit<EvaluatedModel, 'seed'>;
  readonly result: EvaluationResult;
}

async function* prepareModel(
  reference: string,
  request: EvaluationRequest,
): AsyncGenerator<OpenModelEvent, PreparedModel> {
  const {folder, model, tokenizer} = yield* openModel(reference);
  const head = await loadClassHead(folder);
  const heads = await loadTokenHeads(folder, model);
  const prepared = await prepareEvaluation(request, {config: model.config, tokenizer});
  return {model, head, heads, prepared, about: await evaluatedModel(reference, folder)};
}

async function* measureModel(
  {model, head, heads, prepared, about}: PreparedModel,
  batch: number | undefined,
): AsyncGenerator<EvaluationProgress, MeasuredModel> {
  const embedder = createEmbedder(model);
  const tokens = heads && {method: heads.method, embedder: createTokenEmbedder(model, heads)};
  try {
    const options = {head, tokens, ...(batch !== undefined && {batch})};
    return {about, result: yield* runEvaluation(embedder, prepared, options)};
  } finally {
    tokens?.embedder.dispose();
    embedder.dispose();
  }
}

/** What would go wrong at the end is said at the start. */
async function refuseFolder(out: string | undefined): Promise<void> {
  if (out === undefined) return;
  const isFolder = (await stat(out).catch(() => undefined))?.isDirectory() ?? false;
  if (isFolder) throw new UserError(`--out: expected a file, got the folder ${out}`);
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
      const lines = utf8Text(await readFile(entry), entry)
        .split(/\r\n|\r|\n/)
        .map((line) => line.trim());
      return lines.filter((line) => line !== '' && !line.startsWith('#'));
    }),
  );
  const templates = lists.flat();
  if (templates.length > 0) return templates;
  throw new UserError('--templates: expected at least one template, got empty files', {exit: exitCodes.data});
}
