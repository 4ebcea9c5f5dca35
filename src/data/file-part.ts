import {open, readFile, stat} from 'node:fs/promises';
import {promisify} from 'node:util';
import {inflateRaw} from 'node:zlib';
import {UserError, exitCodes} from '../support/errors.js';
import {readParquetCell, type ParquetCell} from './parquet/parquet-cell.js';

/** A file on disk, or the part of an archive that holds one: plain data, so that any thread can read it. */
export interface FilePart {
  readonly path: string;
  /** Where the file lies when `path` is an archive. */
  readonly entry?: ArchiveEntry;
  /** The value of a column when `path` is a parquet file. */
  readonly cell?: ParquetCell;
}

/** Where the content of one file lies in an archive. */
export interface ArchiveEntry {
  readonly offset: number;
  /** Of the file itself. */
  readonly bytes: number;
  /** Bytes in the archive when the file is compressed there (deflate). */
  readonly deflated?: number;
}

/** Files above this size are no images and no tables: reading one would only exhaust the memory. */
export const largestFileBytes = 1024 ** 3;

/**
 * Reads a file, a file in an archive, or an image in a parquet file.
 * @throws UserError (data) when it has gone, changed or is too large for memory.
 */
export async function readFilePart({path, entry, cell}: FilePart): Promise<Buffer> {
  if (cell !== undefined) {
    return readParquetCell(cell, (range) => readRange(path, range)).catch((error: Error) => {
      if (error instanceof UserError) throw error;
      throw broken(path, 'an image in the parquet file', `${error.message}: has it changed?`, error);
    });
  }
  return entry === undefined ? readWhole(path) : readRange(path, entry);
}

/**
 * Reads a few bytes of a file; fewer than asked for at its end.
 * @throws UserError (data) when it has gone or cannot be read.
 */
export async function readAt(path: string, offset: number, bytes: number): Promise<Buffer> {
  try {
    const content = Buffer.alloc(bytes);
    const file = await open(path, 'r');
    try {
      const {bytesRead} = await file.read(content, 0, bytes, offset);
      return content.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    throw unreadable(path, error);
  }
}

/**
 * Reads a range of a file, unpacked where it is packed.
 * @throws UserError (data) when the file has gone, is shorter, or the range is too large for memory.
 */
export async function readRange(path: string, entry: ArchiveEntry): Promise<Buffer> {
  const {offset, bytes, deflated} = entry;
  const stored = deflated ?? bytes;
  refuseLarge(path, Math.max(bytes, stored));
  const content = await readAt(path, offset, stored);
  if (content.length !== stored) {
    throw broken(path, `${stored} bytes at ${offset}`, `${content.length}: has it changed?`);
  }
  return deflated === undefined ? content : inflate(path, content, entry);
}

const inflateAsync = promisify(inflateRaw);

/** Never makes more bytes than the archive says there are. */
async function inflate(path: string, content: Buffer, {offset, bytes}: ArchiveEntry): Promise<Buffer> {
  const where = `compressed data at ${offset}`;
  const inflated = await inflateAsync(content, {maxOutputLength: Math.max(bytes, 1)}).catch(
    (error: Error) => {
      throw broken(path, where, error.message);
    },
  );
  if (inflated.length !== bytes) throw broken(path, `${where} of ${bytes} bytes`, `${inflated.length}`);
  return inflated;
}

async function readWhole(path: string): Promise<Buffer> {
  try {
    refuseLarge(path, (await stat(path)).size);
    return await readFile(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

function refuseLarge(path: string, bytes: number): void {
  if (bytes > largestFileBytes) throw broken(path, `a file of at most ${largestFileBytes} bytes`, `${bytes}`);
}

function unreadable(path: string, error: unknown): Error {
  return error instanceof UserError ? error : broken(path, 'a readable file', String(error), error);
}

function broken(path: string, expected: string, got: string, cause?: unknown): UserError {
  return new UserError(`${path}: expected ${expected}, got ${got}`, {exit: exitCodes.data, cause});
}
