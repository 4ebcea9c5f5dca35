import {byteRecords} from './byte-records.js';
import type {ImageLook} from './look-at-image.js';
import {nearIndex} from './near-index.js';
import {looksAlike, thumbnailBytes} from './perceptual-hash.js';

/** A set by its number, and the images of it that are looked at. */
export interface AlikeImages {
  /** Adds what an image looks like, under the next number. */
  add(set: number, look: Pick<ImageLook, 'digest' | 'likeness'>): void;
  readonly length: number;
  setOf(image: number): number;
  /** Images of the same bytes as an earlier one, with the earlier one of each set that has one; by number. */
  equal(): Iterable<Twin>;
  /**
   * Images that look like an earlier one, with the nearest earlier one of each set that has one; of images of the same
   * bytes only the first is compared.
   */
  near(): Iterable<Twin>;
}

/** An image and earlier ones that it is like, one a set. */
export interface Twin {
  readonly image: number;
  readonly earlier: readonly number[];
}

/** Remembers images by some 40 bytes each, and their thumbnails in a file, and tells which are alike. */
export function alikeImages(): AlikeImages {
  const sets: number[] = [];
  const digests = byteRecords(8);
  const hashes = byteRecords(8);
  const thumbnails = byteRecords(thumbnailBytes);
  const nothing = new Uint8Array(thumbnailBytes);
  const looked: boolean[] = [];
  const setOf = (image: number) => sets[image]!;
  const firstOf = (): Int32Array => {
    const first = Int32Array.from({length: sets.length}, (_, i) => i);
    for (const run of equalRuns(digests)) for (const image of run) first[image] = run[0]!;
    return first;
  };
  return {
    get length() {
      return sets.length;
    },
    setOf,
    add(set, {digest, likeness}) {
      sets.push(set);
      digests.add(digest);
      looked.push(likeness !== undefined);
      hashes.add(new Uint8Array(Uint32Array.from(likeness?.hash ?? [0, 0]).buffer));
      thumbnails.add(likeness?.thumbnail ?? nothing);
    },
    *equal() {
      const twins = [...equalRuns(digests)].flatMap((run) => twinsIn(run, setOf));
      yield* twins.sort((a, b) => a.image - b.image);
    },
    *near() {
      const index = nearIndex();
      const numbers: number[] = [];
      const first = firstOf();
      for (let image = 0; image < sets.length; image++) {
        if (!looked[image] || first[image] !== image) continue;
        const hash = hashAt(hashes, image);
        const thumbnail = thumbnails.at(image);
        const candidates = index.near(hash).map((entry) => numbers[entry]!);
        const alike = (other: number) => looksAlike(thumbnail, thumbnails.at(other));
        const earlier = firstPerSet(candidates, {setOf, alike});
        if (earlier.length > 0) yield {image, earlier};
        index.add(hash);
        numbers.push(image);
      }
    },
  };
}

function hashAt(hashes: {at(index: number): Uint8Array}, image: number): [number, number] {
  const [low, high] = new Uint32Array(hashes.at(image).slice().buffer);
  return [low!, high!];
}

/** Numbers of images with equal digests, two or more, in order. */
function* equalRuns(digests: {readonly length: number; at(index: number): Uint8Array}): Generator<number[]> {
  const keys = new BigUint64Array(digests.length);
  for (let i = 0; i < keys.length; i++) keys[i] = new BigUint64Array(digests.at(i).slice().buffer)[0]!;
  const order = Uint32Array.from(keys, (_, i) => i).sort((a, b) =>
    keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : a - b,
  );
  for (let start = 0; start < order.length;) {
    let end = start + 1;
    while (end < order.length && keys[order[end]!] === keys[order[start]!]) end++;
    if (end > start + 1) yield [...order.subarray(start, end)];
    start = end;
  }
}

/** All of a run but its first, each with the first earlier one of each set. */
function twinsIn(run: readonly number[], setOf: (image: number) => number): Twin[] {
  const firsts = new Map<number, number>();
  return run.flatMap((image, place) => {
    const earlier = [...firsts.values()];
    if (!firsts.has(setOf(image))) firsts.set(setOf(image), image);
    return place === 0 ? [] : [{image, earlier}];
  });
}

/** The first image of each set that is alike. */
function firstPerSet(
  images: readonly number[],
  {setOf, alike}: {setOf: (image: number) => number; alike: (image: number) => boolean},
): number[] {
  const found = new Map<number, number>();
  for (const image of images) {
    const set = setOf(image);
    if (!found.has(set) && alike(image)) found.set(set, image);
  }
  return [...found.values()];
}
