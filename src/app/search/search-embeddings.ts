import {
  listShards,
  readEmbeddingRecord,
  type EmbeddingRecord,
  type EmbeddingShard,
  type Modality,
} from '../../data/embeddings/embedding-folder.js';
import {npyBlocks} from '../../data/embeddings/npy.js';
import {readMetadata} from '../../data/embeddings/shard-metadata.js';
import type {EngineChoice} from '../../engine/backend.js';
import {createEmbedder} from '../../model/embedder.js';
import {trimTokens} from '../../model/trim-tokens.js';
import {UserError} from '../../support/errors.js';
import {
  embedImages,
  embedTexts,
  pixelSource,
  type EmbeddingProgress,
  type EmbedProgress,
} from '../embed-rows.js';
import {modelKey} from '../embed/model-key.js';
import {imageFile} from '../image-file.js';
import {openEngine, openModel, type OpenedModel, type OpenModelEvent} from '../open-model.js';
import type {Rows} from '../../eval/inner-products.js';
import {nearestRows, type FoundRow} from './nearest-rows.js';

export interface SearchOptions {
  /** Words to look for. */
  readonly text?: string | undefined;
  /** An image to look for; with words both count alike. */
  readonly image?: string | undefined;
  /** A folder of `fewclip embed` or of clip-retrieval. */
  readonly folder: string;
  /** Undefined: the model that the folder names. */
  readonly model?: string | undefined;
  /** What is looked at: the embeddings of the images, or those of the captions. */
  readonly modality: Modality;
  /** Results at most. */
  readonly top: number;
  readonly engine?: EngineChoice | undefined;
}

/** A row that was found. */
export interface SearchResult {
  /** Counted from 1. */
  readonly rank: number;
  /** Cosine with the query. */
  readonly score: number;
  /** As it stands in the names of the files. */
  readonly shard: string;
  /** Counted from 0. */
  readonly row: number;
  /** All that the metadata say: `image_path`, `caption`, ... */
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface SearchReport {
  readonly version: 1;
  readonly folder: string;
  readonly model: string;
  readonly query: {readonly text: string | null; readonly image: string | null};
  readonly modality: Modality;
  /** Rows that were looked at: all there are. */
  readonly searched: number;
  readonly results: readonly SearchResult[];
}

type SearchEvent = EmbeddingProgress | OpenModelEvent;

/**
 * Finds the rows of an embedded set that are nearest to words or to an image: exactly, over all shards, in constant memory.
 * Yields progress.
 * @throws UserError for anything about the query, the folder, the model or the engine
 */
export async function* searchEmbeddings(options: SearchOptions): AsyncGenerator<SearchEvent, SearchReport> {
  const {text, image, folder, modality, top} = options;
  if (!text?.trim() && image === undefined) {
    throw new UserError('search: expected words or an image to look for, got neither', {
      tryThis: 'fewclip search "red floral dress" --in FOLDER, or --image FILE',
    });
  }
  const shards = await listShards(folder, modality);
  const record = await readEmbeddingRecord(folder);
  const reference = modelReference(options, record);
  const opened = yield* openModel(reference);
  const engine = yield* openEngine(options.engine ?? 'auto');
  const message = record && otherModel(record, {reference, key: modelKey(opened.model, engine)});
  if (message !== undefined) yield {type: 'notice', message};
  const query = await queryFeature(options, opened);
  const {found, searched} = yield* scan(shards, query, options);
  return {
    version: 1,
    ...{folder, model: reference},
    query: {text: text ?? null, image: image ?? null},
    ...{modality, searched, results: await withMetadata(found.slice(0, top), shards)},
  };
}

function modelReference({model, folder}: SearchOptions, record: EmbeddingRecord | undefined): string {
  const reference = model ?? record?.model.reference;
  if (reference !== undefined) return reference;
  throw new UserError(`${folder}: expected embeddings that name their model, got none that do`, {
    tryThis: 'name the model that made them: --model REF',
  });
}

/** Features of two models have nothing to do with each other, whatever their cosines are. */
function otherModel(
  {model}: EmbeddingRecord,
  {reference, key}: {readonly reference: string; readonly key: string},
): string | undefined {
  if (model.key === key) return undefined;
  return (
    `model: the embeddings are of ${model.reference}, and ${reference} has other weights or another engine; ` +
    'with other weights the results mean nothing'
  );
}

/** The unit feature of the words, of the image, or the direction between both. */
async function queryFeature(
  {text, image}: SearchOptions,
  {model, tokenizer}: OpenedModel,
): Promise<Float64Array> {
  const embedder = createEmbedder(model);
  try {
    const features: Rows[] = [];
    if (text?.trim()) features.push(await last(embedTexts(embedder, trimTokens(tokenizer.encode([text])))));
    if (image !== undefined) {
      const source = pixelSource([await imageFile(image)], model.config.preprocess);
      features.push(await last(embedImages(embedder, source)));
    }
    const sum = Float64Array.from({length: model.config.embedDim}, (_, k) =>
      features.reduce((total, {values}) => total + values[k]!, 0),
    );
    const length = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
    return sum.map((value) => value / length);
  } finally {
    embedder.dispose();
  }
}

async function last<T>(work: AsyncGenerator<EmbedProgress, T> | Generator<EmbedProgress, T>): Promise<T> {
  for (;;) {
    const step = await work.next();
    if (step.done) return step.value;
  }
}

async function* scan(
  shards: readonly EmbeddingShard[],
  query: Float64Array,
  {modality, top}: SearchOptions,
): AsyncGenerator<SearchEvent, {readonly found: readonly FoundRow[]; readonly searched: number}> {
  const nearest = nearestRows(query, top);
  let searched = 0;
  for (const [i, shard] of shards.entries()) {
    for await (const {start, values} of npyBlocks(shard[modality], {dim: query.length})) {
      nearest.see(i, start, values);
      searched += values.length / query.length;
    }
    yield {type: 'progress', what: 'shards', done: i + 1, total: shards.length};
  }
  return {found: nearest.found(), searched};
}

/** Reads what is known about the rows, each file once. */
async function withMetadata(
  found: readonly FoundRow[],
  shards: readonly EmbeddingShard[],
): Promise<SearchResult[]> {
  const results: SearchResult[] = [];
  for (const shard of new Set(found.map((one) => one.shard))) {
    const own = found.filter((one) => one.shard === shard);
    const known = await readMetadata(
      shards[shard]!.metadata,
      own.map(({row}) => row),
    );
    own.forEach((one, k) =>
      results.push({
        rank: found.indexOf(one) + 1,
        score: one.score,
        shard: shards[shard]!.number,
        row: one.row,
        metadata: known[k]!,
      }),
    );
  }
  return results.sort((a, b) => a.rank - b.rank);
}
