import {createHash} from 'node:crypto';
import {partReader} from '../part-reader.js';
import type {ImageRef, ImageRow} from '../rows.js';
import {inOrder} from './in-order.js';

/** What the search may cost: a part of a second. Beyond it `data check` is the place to look. */
const most = {rows: 100_000, reads: 4000, bytes: 64 * 1024 ** 2};

/** Test images that are also learnt from. */
export interface EqualImages {
  readonly count: number;
  /** The first of them, where a person finds it. */
  readonly first: {readonly tested: string; readonly learnt: string};
}

/**
 * Finds images of a test set that are also learnt from, byte for byte, by reading only those that have a length in both.
 * @returns null when there are none, or when it would take long to know
 */
export async function equalImages(
  learnt: readonly ImageRow[],
  tested: readonly ImageRef[],
  limits = most,
): Promise<EqualImages | null> {
  if (learnt.length + tested.length > limits.rows) return null;
  const lengths = new Set(tested.map(({bytes}) => bytes));
  const candidates: ImageRef[] = [];
  let bytes = 0;
  for (const {image} of learnt) {
    if (!lengths.has(image.bytes)) continue;
    candidates.push(image);
    bytes += image.bytes;
    if (candidates.length > limits.reads || bytes > limits.bytes) return null;
  }
  const shared = new Set(candidates.map((image) => image.bytes));
  const learntBy = await digests(candidates);
  const testedBy = await digests(tested.filter((image) => shared.has(image.bytes)));
  const equal = [...testedBy].filter(([digest]) => learntBy.has(digest));
  if (equal.length === 0) return null;
  const [digest, {place}] = equal[0]!;
  return {count: equal.length, first: {tested: place, learnt: learntBy.get(digest)!.place}};
}

/** The first image of each content. */
async function digests(images: readonly ImageRef[]): Promise<Map<string, ImageRef>> {
  const readPart = partReader();
  const found = new Map<string, ImageRef>();
  const digest = async (image: ImageRef) => {
    const content = image.part === undefined ? await image.read() : await readPart(image.part);
    return {image, key: createHash('sha256').update(content).digest('hex')};
  };
  for await (const {image, key} of inOrder(images, 8, digest)) if (!found.has(key)) found.set(key, image);
  return found;
}
