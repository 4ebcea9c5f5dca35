import {readFile, stat} from 'node:fs/promises';
import {UserError, exitCodes} from '../support/errors.js';
import {readTarEntry, type TarEntry} from './tar-index.js';

/** A file on disk, or the part of an archive that holds one: plain data, so that any thread can read it. */
export interface FilePart {
  readonly path: string;
  /** Where the file lies when `path` is a tar archive. */
  readonly entry?: TarEntry;
}

/** Files above this size are no images and no tables: reading one would only exhaust the memory. */
export const largestFileBytes = 1024 ** 3;

/**
 * Reads a file, or a file in an archive.
 * @throws UserError (data) when it has gone, changed or is too large for memory.
 */
export function readFilePart({path, entry}: FilePart): Promise<Buffer> {
  return entry === undefined ? readWhole(path) : readTarEntry(path, entry);
}

async function readWhole(path: string): Promise<Buffer> {
  try {
    const {size} = await stat(path);
    if (size > largestFileBytes) {
      throw new UserError(`${path}: expected at most ${largestFileBytes} bytes, got ${size}`, {
        exit: exitCodes.data,
      });
    }
    return await readFile(path);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`${path}: expected a readable file, got ${String(error)}`, {
      exit: exitCodes.data,
      cause: error,
    });
  }
}
