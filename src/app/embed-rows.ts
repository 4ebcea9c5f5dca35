import {setImmediate as nextTurn} from 'node:timers/promises';
import {normalize} from '../data/pixels.js';
import {startPixelThreads, type PixelThreads} from '../data/pixels/pixel-threads.js';
import type {ImageRef} from '../data/rows.js';
import type {HostArray} from '../engine/step.js';
import type {PreprocessConfig} from '../model/clip-config.js';
import type {Embedder} from '../model/embedder.js';
import type {TokenArrays} from '../model/tokenizer.js';
import type {Rows} from '../eval/inner-products.js';
import {exitCodes, UserError} from '../support/errors.js';

/** How far embedding is. */
export interface EmbedProgress {
  readonly done: number;
  readonly total: number;
}

/** Images made ready for the tower, kept for the next time as far as the byte bound goes. */
export interface PixelSource {
  readonly images: readonly ImageRef[];
  readonly preprocess: PreprocessConfig;
  /** Image number -> its levels, [size, size, 3]. */
  readonly kept: Map<number, Uint8Array>;
  readonly maxKept: number;
  /** Threads that are there anyway; without them each embedding starts its own. */
  readonly pixelThreads: EvalThreads | undefined;
}

type EvalThreads = Pick<PixelThreads, 'evaluate'>;

/** Images that can be embedded again and again; the first ones, up to 256 MiB of pixels, are decoded only once. */
export function pixelSource(
  images: readonly ImageRef[],
  preprocess: PreprocessConfig,
  options: {readonly keptBytes?: number; readonly pixelThreads?: EvalThreads | undefined} = {},
): PixelSource {
  const {keptBytes = 256 * 2 ** 20, pixelThreads} = options;
  const maxKept = Math.floor(keptBytes / (preprocess.size ** 2 * 3));
  return {images, preprocess, kept: new Map(), maxKept, pixelThreads};
}

/**
 * Embeds all images of a source, in batches; other threads decode the next batch while the engine works on one. Yields
 * after each batch, returns [n, d] rows of unit length.
 * @throws UserError (numerical) when a feature is not finite; what reading an image throws
 */
export async function* embedImages(
  embedder: Pick<Embedder, 'images'>,
  source: PixelSource,
  {batch = 64}: {readonly batch?: number} = {},
): AsyncGenerator<EmbedProgress, Rows> {
  const {images, kept, pixelThreads} = source;
  const own = pixelThreads || kept.size === images.length ? undefined : startPixelThreads();
  const batchAt = (start: number) =>
    pixelBatch(source, pixelThreads ?? own, images.slice(start, start + batch), start);
  const collect = featureCollector(images.length, (i) => images[i]!.place);
  try {
    let next = batchAt(0);
    for (let start = 0; start < images.length; start += batch) {
      const pixels = await next;
      next = batchAt(start + batch);
      // a failure is met when the batch is awaited; if that never happens, an earlier one was reported
      next.catch(() => {});
      // lets the request for the batch leave before the engine blocks this thread
      await nextTurn();
      collect.add(embedder.images(pixels));
      yield {done: Math.min(images.length, start + batch), total: images.length};
    }
    return collect.rows();
  } finally {
    await own?.close();
  }
}

/** Embeds tokenised texts in batches. Yields after each batch, returns [n, d] rows of unit length. */
export function* embedTexts(
  embedder: Pick<Embedder, 'texts'>,
  tokens: TokenArrays,
  {batch = 64}: {readonly batch?: number} = {},
): Generator<EmbedProgress, Rows> {
  const total = tokens.end.data.length;
  const collect = featureCollector(total, (i) => `text ${i + 1}`);
  for (let start = 0; start < total; start += batch) {
    const end = Math.min(total, start + batch);
    collect.add(
      embedder.texts({ids: sliceRows(tokens.ids, start, end), end: sliceRows(tokens.end, start, end)}),
    );
    yield {done: end, total};
  }
  return collect.rows();
}

/** Runs an embedding to its end; returns its features. */
export async function finished(
  embedding: AsyncGenerator<EmbedProgress, Rows> | Generator<EmbedProgress, Rows>,
  onProgress: (progress: EmbedProgress) => Promise<void>,
): Promise<Rows> {
  for (;;) {
    const {done, value} = await embedding.next();
    if (done) return value;
    await onProgress(value);
  }
}

/** What an embedding is of, for people. */
export interface EmbeddingProgress<W extends string = string> extends EmbedProgress {
  readonly type: 'progress';
  readonly what: W;
}

/** Passes the progress of an embedding on, saying what it is of; returns its features. */
export async function* told<W extends string>(
  what: W,
  embedding: AsyncGenerator<EmbedProgress, Rows> | Generator<EmbedProgress, Rows>,
): AsyncGenerator<EmbeddingProgress<W>, Rows> {
  for (;;) {
    const {done, value} = await embedding.next();
    if (done) return value;
    yield {type: 'progress', what, ...value};
  }
}

/** Pixels [b, h, w, 3] of a few images, whose first has the number `start`. */
async function pixelBatch(
  {preprocess, kept, maxKept}: PixelSource,
  threads: EvalThreads | undefined,
  images: readonly ImageRef[],
  start: number,
): Promise<HostArray> {
  const levels = images.map((_, k) => kept.get(start + k));
  const missing = images.flatMap((image, k) => (levels[k] ? [] : [{image, k}]));
  const made =
    missing.length === 0
      ? []
      : await threads!.evaluate(
          missing.map(({image}) => image),
          preprocess,
        );
  missing.forEach(({k}, i) => {
    levels[k] = made[i]!;
    if (start + k < maxKept) kept.set(start + k, made[i]!);
  });
  const {size} = preprocess;
  const length = size ** 2 * 3;
  const data = new Float32Array(images.length * length);
  levels.forEach((row, k) => normalize(row!, preprocess, data.subarray(k * length, (k + 1) * length)));
  return {shape: [images.length, size, size, 3], data};
}

/** Rows start .. end of an array; shares its memory. */
function sliceRows({shape, data}: HostArray, start: number, end: number): HostArray {
  const [count = 0, ...rest] = shape;
  const width = count === 0 ? 0 : data.length / count;
  return {shape: [end - start, ...rest], data: data.subarray(start * width, end * width)};
}

/** Puts features together, and makes sure that they are numbers: with NaN every comparison would look like a hit. */
function featureCollector(count: number, nameOf: (row: number) => string) {
  const parts: Float32Array[] = [];
  return {
    add(features: Float32Array): void {
      parts.push(features);
    },
    rows(): Rows {
      const length = parts.reduce((sum, part) => sum + part.length, 0);
      const values = new Float32Array(length);
      let at = 0;
      for (const part of parts) {
        values.set(part, at);
        at += part.length;
      }
      const dim = count === 0 ? 0 : length / count;
      const broken = values.findIndex((value) => !Number.isFinite(value));
      if (broken >= 0) {
        throw new UserError(
          `${nameOf(Math.floor(broken / dim))}: expected finite features, got ${values[broken]}`,
          {exit: exitCodes.numerical, tryThis: 'fewclip models info, to check the weights'},
        );
      }
      return {values, count, dim};
    },
  };
}
