import type {PreprocessConfig} from '../../model/clip-config.js';
import {readFilePart, type FilePart} from '../file-part.js';
import {evalLevels, normalize} from '../pixels.js';
import type {CopyCache} from './copy-cache.js';
import {decodeImage, type EncodedImage} from './decode.js';
import {cropCopy, trainingCopy, type Crop} from './training-copy.js';

/** An image as plain data. */
export interface PortableImage {
  readonly place: string;
  /** Equal for equal files of a run. */
  readonly key: string;
  readonly background?: 'white';
  /** Where to read it, or what it holds. */
  readonly source: {readonly part: FilePart} | {readonly content: Uint8Array};
}

/** Crops to be made for one batch. */
export interface TrainJob {
  readonly kind: 'train';
  readonly preprocess: PreprocessConfig;
  readonly images: readonly PortableImage[];
  /** That of each image. */
  readonly crops: readonly Crop[];
}

/** Images to be made ready for evaluation. */
export interface EvalJob {
  readonly kind: 'eval';
  readonly preprocess: PreprocessConfig;
  readonly images: readonly PortableImage[];
}

export type PixelJob = TrainJob | EvalJob;

/** Normalised crops [n, size, size, 3] for training, levels [n, size, size, 3] from 0 to 255 for evaluation. */
export type PixelRows = Float32Array | Uint8Array;

/** Images decoded at a time: as many as there are threads for it, since decoded photos are large. */
const lanes = 4;

/** Does a job; what is cached changes how long it takes and nothing else. */
export async function runPixelJob(job: PixelJob, cache: CopyCache): Promise<PixelRows> {
  return job.kind === 'train' ? trainRows(job, cache) : evalRows(job);
}

async function trainRows({preprocess, images, crops}: TrainJob, cache: CopyCache) {
  const length = preprocess.size ** 2 * 3;
  const rows = new Float32Array(images.length * length);
  await inLanes(images, async (image, i) => {
    const {size} = preprocess;
    const copy = await cache.get(`${size} ${image.key}`, async () =>
      trainingCopy(await decodeImage(encoded(image), size), size),
    );
    const {pixels255} = cropCopy(copy, preprocess, crops[i]!);
    normalize(pixels255, preprocess, rows.subarray(i * length, (i + 1) * length));
  });
  return rows;
}

async function evalRows({preprocess, images}: EvalJob) {
  const length = preprocess.size ** 2 * 3;
  const rows = new Uint8Array(images.length * length);
  await inLanes(images, async (image, i) =>
    rows.set(await evalLevels(encoded(image), preprocess), i * length),
  );
  return rows;
}

function encoded({place, source, background}: PortableImage): EncodedImage {
  const read = async () => ('part' in source ? readFilePart(source.part) : Buffer.from(source.content));
  return {place, read, ...(background && {background})};
}

/** Works on a few items at a time, in order. What is left after a failure is not begun. */
async function inLanes<T>(
  items: readonly T[],
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < items.length) {
      const index = next++;
      await work(items[index]!, index).catch((error: unknown) => {
        next = items.length;
        throw error;
      });
    }
  };
  await Promise.all(Array.from({length: lanes}, lane));
}
