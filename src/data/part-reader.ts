import {LRUCache} from 'lru-cache';
import {readFilePart, readRange, type FilePart} from './file-part.js';
import {readPageValues} from './parquet/parquet-cell.js';

/** Pages that are kept decoded: neighbouring images share one. */
const pagesKept = 2;

/**
 * Reads as {@link readFilePart} does, and is quick where images lie in the pages of a parquet file and are read in order:
 * the last pages stay decoded.
 */
export function partReader(): (part: FilePart) => Promise<Buffer> {
  const pages = new LRUCache<string, Promise<readonly unknown[]>>({max: pagesKept});
  return async (part) => {
    const {path, cell} = part;
    if (cell === undefined) return readFilePart(part);
    const key = `${path} ${cell.page.offset}`;
    const known = pages.get(key) ?? readPageValues({...cell, readRange: (range) => readRange(path, range)});
    pages.set(key, known);
    const value = (await known)[cell.row];
    return value instanceof Uint8Array ? Buffer.from(value) : readFilePart(part);
  };
}
