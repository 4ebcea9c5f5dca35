import {createWriteStream} from 'node:fs';
import {mkdir} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {Transform} from 'node:stream';
import {pipeline} from 'node:stream/promises';
import {crc32} from 'node:zlib';
import {openPromise, type Entry, type ZipFile} from 'yauzl';
import {exitCodes, UserError} from '../../support/errors.js';
import {interruptedError} from './interrupted.js';

export interface UnpackOptions {
  /** Folder of the engine. */
  readonly into: string;
  /** Globs of the entries to take, see `Wheel.take`. */
  readonly take: readonly string[];
  readonly signal: AbortSignal;
  readonly onBytes: (done: number, total: number) => void;
}

/**
 * Unpacks what an engine needs from a wheel and syncs it to disk.
 * @returns path within the engine -> size in bytes
 * @throws UserError (exit `engine`) for a damaged archive and for a glob that selects nothing
 */
export async function unpackWheel(path: string, options: UnpackOptions): Promise<Record<string, number>> {
  const zip = await openZip(path);
  try {
    const entries = await chosenEntries(zip, path, options.take);
    const total = entries.reduce((sum, entry) => sum + entry.uncompressedSize, 0);
    const sizes: Record<string, number> = {};
    let before = 0;
    for (const entry of entries) {
      const place = placeInEngine(entry.fileName);
      await unpackEntry({zip, entry, path}, join(options.into, place), {
        signal: options.signal,
        onBytes: (bytes) => options.onBytes(before + bytes, total),
      });
      before += entry.uncompressedSize;
      sizes[place] = entry.uncompressedSize;
    }
    return sizes;
  } finally {
    zip.close();
  }
}

/** A glob as a pattern of whole paths: `**` is anything, `*` anything but a slash. */
export function globPattern(glob: string): RegExp {
  const parts = glob.split(/(\*\*|\*)/).map((part) => {
    if (part === '**') return '.*';
    return part === '*' ? '[^/]*' : part.replaceAll(/[.+?^${}()|[\]\\]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`);
}

/**
 * Where a wheel's file goes in an engine: libraries to `lib`, headers to `include`, CUDA libraries to `nvidia`,
 * which TensorFlow expects beside `lib`.
 */
export function placeInEngine(entry: string): string {
  return entry.replace(/^tensorflow\/include\//, 'include/').replace(/^tensorflow\/(?=[^/]+$)/, 'lib/');
}

async function openZip(path: string): Promise<ZipFile> {
  try {
    return await openPromise(path, {autoClose: false});
  } catch (error) {
    throw damaged(path, error);
  }
}

async function chosenEntries(zip: ZipFile, path: string, take: readonly string[]): Promise<Entry[]> {
  const patterns = take.map(globPattern);
  const unused = new Set(take);
  const chosen: Entry[] = [];
  try {
    for await (const entry of zip.eachEntry()) {
      const index = patterns.findIndex((pattern) => pattern.test(entry.fileName));
      if (index < 0 || entry.fileName.endsWith('/')) continue;
      unused.delete(take[index]!);
      chosen.push(entry);
    }
  } catch (error) {
    throw damaged(path, error);
  }
  if (unused.size > 0) {
    throw new UserError(
      `${path}: expected ${[...unused].join(', ')} in the wheel, got nothing of that name`,
      {
        exit: exitCodes.engine,
      },
    );
  }
  return chosen;
}

async function unpackEntry(
  {zip, entry, path}: {readonly zip: ZipFile; readonly entry: Entry; readonly path: string},
  target: string,
  {signal, onBytes}: {readonly signal: AbortSignal; readonly onBytes: (bytes: number) => void},
): Promise<void> {
  await mkdir(dirname(target), {recursive: true});
  let bytes = 0;
  let checksum = 0;
  const count = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      checksum = crc32(chunk, checksum);
      onBytes(bytes);
      done(null, chunk);
    },
  });
  // Unix permissions are in the upper half; nobody but the owner may write
  const mode = ((entry.externalFileAttributes >>> 16) & 0o755) | 0o644;
  try {
    const content = await zip.openReadStreamPromise(entry);
    await pipeline(content, count, createWriteStream(target, {mode, flush: true}), {signal});
  } catch (error) {
    if (signal.aborted) throw interruptedError(signal);
    const isOurs = (error as NodeJS.ErrnoException).syscall !== undefined;
    throw isOurs ? error : damaged(path, error);
  }
  if (checksum !== entry.crc32) throw damaged(path, new Error(`wrong checksum of ${entry.fileName}`));
}

function damaged(path: string, cause: unknown): UserError {
  return new UserError(`${path}: expected a whole wheel, got a damaged one (${(cause as Error).message})`, {
    exit: exitCodes.engine,
    tryThis: 'fetch the wheel again',
    cause,
  });
}
