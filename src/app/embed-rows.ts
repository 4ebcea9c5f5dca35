import type {ImageRef} from '../data/rows.js';
import {evalPixels, stackPixels} from '../data/pixels.js';
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

/** Decoded images, kept for the next time as far as the byte bound goes. */
export interface PixelSource {
  readonly images: readonly ImageRef[];
  readonly preprocess: PreprocessConfig;
  readonly kept: Map<number, Float32Array>;
  readonly maxKept: number;
}

/** Images that can be embedded again and again; the first ones, up to 256 MiB of pixels, are decoded only once. */
export function pixelSource(
  images: readonly ImageRef[],
  preprocess: PreprocessConfig,
  {keptBytes = 256 * 2 ** 20}: {readonly keptBytes?: number} = {},
): PixelSource {
  const bytesEach = preprocess.size ** 2 * 3 * Float32Array.BYTES_PER_ELEMENT;
  return {images, preprocess, kept: new Map(), maxKept: Math.floor(keptBytes / bytesEach)};
}

/**
 * Embeds all images of a source, in batches; the next batch is decoded while the engine works on one. Yields after each
 * batch, returns [n, d] rows of unit length.
 * @throws UserError (numerical) when a feature is not finite; what reading an image throws
 */
export async function* embedImages(
  embedder: Embedder,
  source: PixelSource,
  {batch = 64}: {readonly batch?: number} = {},
): AsyncGenerator<EmbedProgress, Rows> {
  const {images} = source;
  const collect = featureCollector(images.length, (i) => images[i]!.place);
  let next = pixelBatch(source, 0, batch);
  for (let start = 0; start < images.length; start += batch) {
    const pixels = await next;
    next = pixelBatch(source, start + batch, batch);
    // a failure is met when the batch is awaited; if that never happens, an earlier one was reported
    next.catch(() => {});
    collect.add(embedder.images(pixels));
    yield {done: Math.min(images.length, start + batch), total: images.length};
  }
  return collect.rows();
}

/** Embeds tokenised texts in batches. Yields after each batch, returns [n, d] rows of unit length. */
export function* embedTexts(
  embedder: Embedder,
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

/** Pixels [b, h, w, 3] of the images start .. start + batch. */
async function pixelBatch(source: PixelSource, start: number, batch: number): Promise<HostArray> {
  const {images, preprocess, kept, maxKept} = source;
  const rows = await Promise.all(
    images.slice(start, start + batch).map(async (image, k) => {
      const known = kept.get(start + k);
      if (known) return known;
      const pixels = await evalPixels(image, preprocess);
      if (start + k < maxKept) kept.set(start + k, pixels);
      return pixels;
    }),
  );
  return stackPixels(rows, preprocess.size);
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
