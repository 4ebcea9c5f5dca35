import {readFile, stat} from 'node:fs/promises';
import type {ImageRef} from '../data/rows.js';
import {permutation} from '../engine/random.js';
import {drawCaptions} from '../eval/draw-captions.js';
import {exitCodes, UserError} from '../support/errors.js';
import {nearestName} from '../support/nearest-name.js';
import {dataReference} from './data-reference.js';
import {openTrainingData} from './training/training-data.js';

/** The images that a plan is computed over. */
export interface PseudoBatch {
  /** Uncaptioned: the asked ones first, then a sample that fills the batch. */
  readonly images: readonly ImageRef[];
  /** How many of them were asked for. */
  readonly asked: number;
  /** Captioned, with the caption that is drawn for each. */
  readonly captioned: readonly {readonly image: ImageRef; readonly caption: string}[];
}

export interface PseudoBatchOptions {
  /** Image files, or ids of uncaptioned images. */
  readonly images: readonly string[];
  readonly captioned: string;
  readonly split?: string | undefined;
  readonly labelRatio?: number | undefined;
  readonly unpaired?: string | undefined;
  /** Captioned images of the batch; undefined: all, at most 512. */
  readonly batch?: number | undefined;
  readonly seed: number;
}

/** A plan of 512 x 512 takes less than a second and 2 MiB a matrix. */
const defaultBatch = 512;

/** First counters of the draws, so that they are not the draws of another use of the same seed. */
const captionedStream = 0x9a01;
const unpairedStream = 0x9a02;

/**
 * Makes the batch: a sample of the captioned images, and the asked images with as many uncaptioned ones beside them as
 * make the batch square, as far as there are any.
 * @throws UserError when the data cannot be read or an asked image is nowhere
 */
export async function openPseudoBatch(options: PseudoBatchOptions): Promise<PseudoBatch> {
  const {images, labelRatio, seed} = options;
  const {path: captioned, split} = dataReference(options.captioned, options.split);
  const unpaired = options.unpaired === undefined ? undefined : dataReference(options.unpaired);
  const data = await openTrainingData({captioned, split, labelRatio, unpaired, seed});
  const pool = data.unpaired.map(({image}) => image);
  const asked = await Promise.all(images.map((image) => findImage(image, pool)));
  const captions = drawCaptions(
    data.captioned.map((row) => row.captions),
    seed,
  );
  const pairs = data.captioned.map(({image}, i) => ({image, caption: captions[i]!}));
  const columns = sample(pairs, options.batch ?? defaultBatch, [seed, captionedStream]);
  const others = pool.filter((image) => !asked.includes(image));
  const fill = sample(others, Math.max(0, columns.length - asked.length), [seed, unpairedStream]);
  return {images: [...asked, ...fill], asked: asked.length, captioned: columns};
}

/** A file on disk, or an image of the pool by its id; a file of the pool's folder is that image, not another. */
async function findImage(wanted: string, pool: readonly ImageRef[]): Promise<ImageRef> {
  const stats = await stat(wanted).catch(() => undefined);
  const known = pool.find(
    ({id, bytes}) => id === wanted || (wanted.endsWith(`/${id}`) && bytes === stats?.size),
  );
  if (known) return known;
  if (stats?.isFile()) return {id: wanted, place: wanted, bytes: stats.size, read: () => readFile(wanted)};
  const nearest = nearestName(
    wanted,
    pool.map(({id}) => id),
  );
  const hint = nearest === undefined ? '' : ` (did you mean ${nearest}?)`;
  throw new UserError(
    `${wanted}: expected an image file or the id of an uncaptioned image, got neither${hint}`,
    {
      exit: exitCodes.data,
    },
  );
}

/** At most `count` of the items, drawn by the seed, in their order. */
function sample<T>(items: readonly T[], count: number, [seed, stream]: readonly [number, number]): T[] {
  if (items.length <= count) return [...items];
  const chosen = permutation(items.length, seed, stream).subarray(0, count).sort();
  return Array.from(chosen, (index) => items[index]!);
}
