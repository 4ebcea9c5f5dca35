import {createHash} from 'node:crypto';
import type {PixelThreads} from '../../data/pixels/pixel-threads.js';
import type {ImageRef} from '../../data/rows.js';
import type {PreprocessConfig} from '../../model/clip-config.js';
import type {Embedder} from '../../model/embedder.js';
import {embedImages, pixelSource, type EmbedProgress} from '../embed-rows.js';
import type {EmbeddingCache} from './embedding-cache.js';

/** What embeds images. */
export interface ImageEmbedding {
  readonly embedder: Embedder;
  readonly preprocess: PreprocessConfig;
  /** d. */
  readonly dim: number;
  readonly pixelThreads: Pick<PixelThreads, 'evaluate'>;
  /** Undefined: everything is computed. */
  readonly cache: EmbeddingCache | undefined;
  /** Images embedded at a time. */
  readonly batch: number;
}

/** Features of a shard, and how many of them were known. */
export interface EmbeddedShard {
  /** [n, d], rows of unit length. */
  readonly features: Float32Array;
  readonly cached: number;
}

/**
 * Embeds the images of one shard: known ones are read, the others computed and kept. Equal files in a shard are computed
 * once. Yields after each batch.
 * @throws UserError (data) when an image cannot be read or decoded; (numerical) when a feature is not finite
 */
export async function* embedShard(
  images: readonly ImageRef[],
  {embedder, preprocess, dim, pixelThreads, cache, batch}: ImageEmbedding,
): AsyncGenerator<EmbedProgress, EmbeddedShard> {
  const features = new Float32Array(images.length * dim);
  const keys = cache && (await inParts(images, 64, hashOfFile));
  const known = cache && keys ? await cache.read(keys) : [];
  const wanted: number[] = [];
  const firstWith = new Map<string, number>();
  for (let i = 0; i < images.length; i++) {
    const key = keys?.[i]!.toString('latin1') ?? String(i);
    const own = known[i];
    if (own) features.set(own, i * dim);
    else if (!firstWith.has(key)) {
      firstWith.set(key, i);
      wanted.push(i);
    }
  }
  const cached = known.filter((feature) => feature !== undefined).length;
  if (wanted.length === 0) yield {done: images.length, total: images.length};
  else {
    const source = pixelSource(
      wanted.map((i) => images[i]!),
      preprocess,
      {keptBytes: 0, pixelThreads},
    );
    const embedding = embedImages(embedder, source, {batch});
    let step = await embedding.next();
    while (!step.done) {
      const {done, total} = step.value;
      yield {done: images.length - total + done, total: images.length};
      step = await embedding.next();
    }
    const computed = step.value.values as Float32Array;
    wanted.forEach((i, k) => features.set(computed.subarray(k * dim, (k + 1) * dim), i * dim));
    if (cache && keys)
      await cache.add(
        wanted.map((i) => keys[i]!),
        computed,
      );
  }
  // what is equal to an image before it
  for (let i = 0; keys && i < images.length; i++) {
    const first = firstWith.get(keys[i]!.toString('latin1'));
    if (first !== undefined && first !== i) features.copyWithin(i * dim, first * dim, (first + 1) * dim);
  }
  return {features, cached};
}

/** Of the bytes, and of what shows where they are transparent. */
async function hashOfFile(image: ImageRef): Promise<Buffer> {
  const hash = createHash('sha256').update(await image.read());
  return (image.background === undefined ? hash : hash.update(` on ${image.background}`)).digest();
}

/** Works on a few items at a time; results in order. */
async function inParts<T, R>(items: readonly T[], size: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (let start = 0; start < items.length; start += size) {
    results.push(...(await Promise.all(items.slice(start, start + size).map(work))));
  }
  return results;
}
