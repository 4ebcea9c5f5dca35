import {availableParallelism} from 'node:os';
import {LRUCache} from 'lru-cache';
import type {HostArray} from '../../engine/step.js';
import type {PreprocessConfig} from '../../model/clip-config.js';
import type {ImageRef} from '../rows.js';
import type {PixelJob, PixelRows, PortableImage} from './pixel-jobs.js';
import {startThread} from './thread-channel.js';
import type {Crop} from './training-copy.js';

/** An image and its crop. */
export interface Visit extends Crop {
  readonly image: ImageRef;
}

/** Threads that read, decode and resample images while the engine blocks the thread that asks for them. */
export interface PixelThreads {
  /**
   * The training crops of a batch, [n, size, size, 3], normalised: those of `cropCopy`, whatever is cached.
   * @throws UserError with exit code `data` when an image cannot be decoded.
   */
  train(visits: readonly Visit[], preprocess: PreprocessConfig): Promise<HostArray>;
  /**
   * The levels of images in evaluation, n times [size, size, 3], 0 to 255: `evalLevels` of each.
   * @throws UserError with exit code `data` when an image cannot be decoded.
   */
  evaluate(images: readonly ImageRef[], preprocess: PreprocessConfig): Promise<Uint8Array[]>;
  /** Ends the threads; what they still owe is rejected. */
  close(): Promise<void>;
}

export interface PixelThreadOptions {
  readonly threads?: number;
  /** Decoded pixels for training that all threads may keep together; 0 keeps none. */
  readonly cacheBytes?: number;
}

/** Starts threads for pixels: one for every two processors, eight at most. */
export function startPixelThreads(options: PixelThreadOptions = {}): PixelThreads {
  const {threads = defaultThreads(), cacheBytes = 0} = options;
  const channels = Array.from({length: threads}, () => startThread({cacheBytes: cacheBytes / threads}));
  const split = splitter(threads);
  /** Calls `place` with the rows of each part of a batch. */
  const run = async <R extends PixelRows>(
    images: readonly ImageRef[],
    jobOf: (part: Part, images: readonly PortableImage[]) => PixelJob,
    place: (row: R, number: number) => void,
  ) => {
    const work = split(images).map(async (part, thread) => {
      if (part.numbers.length === 0) return;
      const portable = await Promise.all(part.images.map(portableImage));
      const rows = (await channels[thread]!.run(jobOf(part, portable))) as R;
      const length = rows.length / part.numbers.length;
      part.numbers.forEach((number, k) => place(rows.subarray(k * length, (k + 1) * length) as R, number));
    });
    await Promise.all(work);
  };
  return {
    async train(visits, preprocess) {
      const {size} = preprocess;
      const length = size ** 2 * 3;
      const data = new Float32Array(visits.length * length);
      await run<Float32Array>(
        visits.map(({image}) => image),
        ({numbers}, images) => {
          const crops = numbers.map((i) => {
            const {draws, area, mirrored} = visits[i]!;
            return {draws, area, mirrored};
          });
          return {kind: 'train', preprocess, images, crops};
        },
        (row, number) => data.set(row, number * length),
      );
      return {shape: [visits.length, size, size, 3], data};
    },
    async evaluate(images, preprocess) {
      const levels: Uint8Array[] = [];
      await run<Uint8Array>(
        images,
        (_part, portable) => ({kind: 'eval', preprocess, images: portable}),
        (row, number) => (levels[number] = row),
      );
      return levels;
    },
    close: async () => void (await Promise.all(channels.map((channel) => channel.close()))),
  };
}

function defaultThreads(): number {
  return Math.min(Math.max(Math.floor(availableParallelism() / 2), 1), 8);
}

/** The images that one thread works on, with their places in the batch. */
interface Part {
  readonly images: {readonly image: ImageRef; readonly key: string}[];
  readonly numbers: number[];
}

/** Deals images out so that a file always goes to the same thread, which may have kept it. */
function splitter(threads: number): (images: readonly ImageRef[]) => Part[] {
  const keyOf = imageKeys();
  // a pool of a million images must not be remembered as a whole; one that is forgotten may get another thread
  const places = new LRUCache<string, number>({max: placesKept});
  let next = 0;
  return (images) => {
    const parts = Array.from({length: threads}, (): Part => ({images: [], numbers: []}));
    images.forEach((image, i) => {
      const key = keyOf(image);
      const place = places.get(key) ?? next++ % threads;
      places.set(key, place);
      parts[place]!.images.push({image, key});
      parts[place]!.numbers.push(i);
    });
    return parts;
  };
}

const placesKept = 1 << 16;

/** Names for images: one a file on disk, whichever set it was opened in, and one for each that lies in memory. */
function imageKeys(): (image: ImageRef) => string {
  const made = new WeakMap<ImageRef, string>();
  let count = 0;
  return (image) => {
    if (image.part) {
      const {path, entry, cell} = image.part;
      return `${path} ${image.background ?? ''} ${entry?.offset ?? ''} ${cell ? `${cell.page.offset} ${cell.row}` : ''}`;
    }
    const known = made.get(image) ?? `made ${count++}`;
    made.set(image, known);
    return known;
  };
}

/** An image on disk is read by the thread: this one may be blocked for seconds. */
async function portableImage({image, key}: Part['images'][number]): Promise<PortableImage> {
  const source = image.part ? {part: image.part} : {content: await image.read()};
  return {place: image.place, key, source, ...(image.background && {background: image.background})};
}
