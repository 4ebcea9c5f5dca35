import type {ImageRef} from '../../src/data/rows.js';

/** An image in memory. */
export function imageRef(content: Buffer, place = 'set: images/a'): ImageRef {
  return {id: place, place, bytes: content.length, read: () => Promise.resolve(content)};
}
