import {LRUCache} from 'lru-cache';
import type {TrainingCopy} from './training-copy.js';

/** Copies of images, kept as far as the byte bound goes. */
export interface CopyCache {
  /** The copy of a key, made when it is not there. */
  get(key: string, make: () => Promise<TrainingCopy>): Promise<TrainingCopy>;
}

/** A cache of at most `maxBytes` of pixels that drops what was used longest ago; 0 keeps nothing. */
export function copyCache(maxBytes: number): CopyCache {
  if (maxBytes < 1) return {get: (_key, make) => make()};
  const kept = new LRUCache<string, TrainingCopy>({
    maxSize: Math.floor(maxBytes),
    sizeCalculation: ({image}) => image.pixels255.byteLength,
  });
  return {
    async get(key, make) {
      const known = kept.get(key);
      if (known) return known;
      const made = await make();
      kept.set(key, made);
      return made;
    },
  };
}

/** What a cache may keep when nobody says: an eighth of the memory that is free now, at most 1 GiB. */
export function defaultCacheBytes(): number {
  return Math.min(process.availableMemory() / 8, 2 ** 30);
}
