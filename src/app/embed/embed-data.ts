import {mkdir, stat} from 'node:fs/promises';
import {
  embeddingShard,
  shardNumbers,
  type EmbeddingRecord,
  type EmbeddingShard,
} from '../../data/embeddings/embedding-folder.js';
import {writeNpy, type NpyDtype} from '../../data/embeddings/npy.js';
import {writeMetadata} from '../../data/embeddings/shard-metadata.js';
import {openCaptioned, openImages} from '../../data/open-data.js';
import {startPixelThreads} from '../../data/pixels/pixel-threads.js';
import type {ImageRow} from '../../data/rows.js';
import type {EngineChoice} from '../../engine/backend.js';
import {createEmbedder} from '../../model/embedder.js';
import {trimTokens} from '../../model/trim-tokens.js';
import {lockFolder} from '../../support/folder-lock.js';
import {dataReference} from '../data-reference.js';
import {embedTexts, told, type EmbeddingProgress} from '../embed-rows.js';
import {openEngine, openModel, type OpenedModel, type OpenModelEvent} from '../open-model.js';
import {claimFolder, refuseOtherFolder} from './claim-folder.js';
import {embedShard, type ImageEmbedding} from './embed-shard.js';
import {embeddingCacheFolder, openEmbeddingCache} from './embedding-cache.js';
import {modelKey} from './model-key.js';

export interface EmbedDataOptions {
  /** A folder, table or tar, or `domain:NAME`; `PATH#SPLIT` names a split. */
  readonly data: string;
  readonly split?: string | undefined;
  /** A folder, `hf:owner/name`, or a name such as `ViT-B-32/openai`. */
  readonly model: string;
  /** Folder of the shards. */
  readonly out: string;
  /** Whether the first caption of each image is embedded too. */
  readonly texts: boolean;
  readonly dtype: NpyDtype;
  readonly metadata: EmbeddingRecord['metadata'];
  /** Rows of a shard. */
  readonly shardSize: number;
  /** Whether known features are read and new ones kept. */
  readonly cache: boolean;
  readonly batch: number;
  readonly engine?: EngineChoice | undefined;
}

/** What was embedded. */
export interface EmbeddedData {
  readonly version: 1;
  readonly out: string;
  readonly model: string;
  readonly rows: number;
  readonly dim: number;
  readonly shards: number;
  /** Shards that were there already. */
  readonly shardsBefore: number;
  /** Images whose features were known. */
  readonly cached: number;
  /** Images whose features were computed. */
  readonly computed: number;
  readonly seconds: number;
}

type EmbedDataEvent = EmbeddingProgress | OpenModelEvent;

/** A row that is embedded; captions may be missing. */
interface EmbeddedRow extends ImageRow {
  readonly captions?: readonly string[];
}

/**
 * Embeds a set into shards in clip-retrieval's layout. What is there already of the same model and data stays; a shard's
 * metadata are written last, so that it is whole or absent. Yields progress.
 * @throws UserError for anything about the data, the model or the engine; (locked) when the folder holds other embeddings
 */
export async function* embedData(options: EmbedDataOptions): AsyncGenerator<EmbedDataEvent, EmbeddedData> {
  const started = performance.now();
  const {out, batch} = options;
  await refuseOtherFolder(out);
  const set = await openRows(options);
  const opened = yield* openModel(options.model);
  const engine = yield* openEngine(options.engine ?? 'auto');
  const key = modelKey(opened.model, engine);
  const record = recordOf(options, set, {key, dim: opened.model.config.embedDim});
  await mkdir(out, {recursive: true});
  const lock = await lockFolder(out);
  const {config} = opened.model;
  const cache = options.cache ? await openEmbeddingCache(embeddingCacheFolder(key), record.dim) : undefined;
  const pixelThreads = startPixelThreads();
  const embedder = createEmbedder(opened.model);
  try {
    await claimFolder(out, record);
    const tools = {embedder, preprocess: config.preprocess, dim: record.dim, pixelThreads, cache, batch};
    const counts = yield* embedShards(set.rows, record, {out, opened, tools});
    const seconds = (performance.now() - started) / 1000;
    return {
      version: 1,
      out,
      model: options.model,
      rows: record.data.rows,
      dim: record.dim,
      ...counts,
      seconds,
    };
  } finally {
    embedder.dispose();
    await Promise.all([pixelThreads.close(), cache?.close(), lock.release()]);
  }
}

interface OpenedRows {
  readonly rows: readonly EmbeddedRow[];
  readonly fingerprint: string;
}

/** With texts the captioned images, else all of them; all splits unless one is named. */
async function openRows({data, split, texts}: EmbedDataOptions): Promise<OpenedRows> {
  const reference = dataReference(data, split);
  if (!texts) return openImages(reference.path, {split: reference.split});
  return openCaptioned(reference.path, {split: reference.split ?? 'all', purpose: 'evaluation'});
}

function recordOf(
  options: EmbedDataOptions,
  set: OpenedRows,
  {key, dim}: {readonly key: string; readonly dim: number},
): EmbeddingRecord {
  const {path, split} = dataReference(options.data, options.split);
  const {model, dtype, texts, metadata, shardSize} = options;
  return {
    version: 1,
    model: {reference: model, key},
    data: {path, split: split ?? null, rows: set.rows.length, fingerprint: set.fingerprint},
    ...{dim, dtype, texts, metadata, shardSize},
  };
}

interface ShardTools {
  readonly out: string;
  readonly opened: OpenedModel;
  readonly tools: ImageEmbedding;
}

async function* embedShards(
  rows: readonly EmbeddedRow[],
  {shardSize, metadata, texts, dim, dtype}: EmbeddingRecord,
  {out, opened, tools}: ShardTools,
): AsyncGenerator<EmbedDataEvent, Pick<EmbeddedData, 'shards' | 'shardsBefore' | 'cached' | 'computed'>> {
  const numbers = shardNumbers(Math.ceil(rows.length / shardSize));
  let [shardsBefore, cached, computed] = [0, 0, 0];
  for (const [i, number] of numbers.entries()) {
    const shard = embeddingShard(out, number, metadata);
    if (await isFile(shard.metadata)) {
      shardsBefore++;
      continue;
    }
    const part = rows.slice(i * shardSize, (i + 1) * shardSize);
    const embedding = embedShard(
      part.map(({image}) => image),
      tools,
    );
    let step = await embedding.next();
    while (!step.done) {
      yield {type: 'progress', what: 'images', done: i * shardSize + step.value.done, total: rows.length};
      step = await embedding.next();
    }
    const {features, cached: known} = step.value;
    await writeNpy(shard.image, features, {dim, dtype});
    if (texts) yield* embedCaptions(part, shard, {opened, tools, dtype});
    await writeMetadata(
      shard.metadata,
      part.map(({image: {place, id}, captions}) => ({image_path: place, id, caption: captions?.[0] ?? null})),
    );
    cached += known;
    computed += part.length - known;
  }
  return {shards: numbers.length, shardsBefore, cached, computed};
}

async function* embedCaptions(
  part: readonly EmbeddedRow[],
  shard: EmbeddingShard,
  {opened, tools, dtype}: Pick<ShardTools, 'opened' | 'tools'> & {readonly dtype: NpyDtype},
): AsyncGenerator<EmbedDataEvent, void> {
  const tokens = trimTokens(opened.tokenizer.encode(part.map(({captions}) => captions![0]!)));
  const {values} = yield* told(
    `captions of shard ${shard.number}`,
    embedTexts(tools.embedder, tokens, {batch: tools.batch}),
  );
  await writeNpy(shard.text, values as Float32Array, {dim: tools.dim, dtype});
}

async function isFile(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined))?.isFile() ?? false;
}
