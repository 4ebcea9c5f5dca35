import {createReadStream} from 'node:fs';
import {open} from 'node:fs/promises';
import {pipeline} from 'node:stream/promises';
import {extract, type Header} from 'tar-stream';
import {UserError, exitCodes} from '../support/errors.js';
import {insidePath} from './inside-path.js';

/** Where the content of one file lies in the archive. */
export interface TarEntry {
  readonly offset: number;
  readonly bytes: number;
}

export interface TarIndex {
  /** Regular files by path; of two entries with one path the later counts, as when unpacked. */
  readonly entries: ReadonlyMap<string, TarEntry>;
  /** Links, devices and pipes, which are never followed. */
  readonly ignored: number;
}

const headerBytes = 512;

/** An archive with more entries is refused: its index would not fit into the memory. */
const mostTarEntries = 5_000_000;

/**
 * Reads an archive once from end to end and notes where each file lies. Nothing is unpacked.
 * @throws UserError (data) when it is compressed, broken, cut short, too long, or an entry leads out of it.
 */
export async function indexTar(path: string, mostEntries = mostTarEntries): Promise<TarIndex> {
  const entries = new Map<string, TarEntry>();
  let ignored = 0;
  const note = (header: Header, offset: number) => {
    if (header.type === 'directory') return;
    if (header.type !== 'file' && header.type !== 'contiguous-file') {
      ignored++;
      return;
    }
    entries.set(insidePath(header.name, path), {offset, bytes: header.size});
    if (entries.size > mostEntries) throw broken(path, `at most ${mostEntries} files`, 'more');
  };
  const reader = extract();
  reader.on('entry', (header, stream, next) => {
    // what breaks an entry breaks the archive: the pipeline below reports it
    stream
      .on('error', () => undefined)
      .on('end', next)
      .resume();
    try {
      note(header, stream.offset + headerBytes);
    } catch (error) {
      reader.destroy(error as Error);
    }
  });
  try {
    await refuseCompressed(path);
    await pipeline(createReadStream(path, {highWaterMark: 1 << 20}), reader);
  } catch (error) {
    throw error instanceof UserError ? error : explained(path, error);
  }
  return {entries, ignored};
}

/**
 * Reads one file out of the archive.
 * @throws UserError (data) when the archive has gone or changed.
 */
export async function readTarEntry(path: string, entry: TarEntry): Promise<Buffer> {
  try {
    const content = await readAt(path, entry);
    if (content.length === entry.bytes) return content;
    throw broken(path, `${entry.bytes} bytes at ${entry.offset}`, `${content.length}: has it changed?`);
  } catch (error) {
    throw error instanceof UserError ? error : explained(path, error);
  }
}

/** The bytes at an offset; fewer than asked for at the end of the file. */
async function readAt(path: string, {offset, bytes}: TarEntry): Promise<Buffer> {
  const content = Buffer.alloc(bytes);
  const file = await open(path, 'r');
  try {
    const {bytesRead} = await file.read(content, 0, bytes, offset);
    return content.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

const compressions: readonly (readonly [name: string, magic: string, unpack: string])[] = [
  ['gzip', '1f8b', 'gunzip --keep'],
  ['zstd', '28b52ffd', 'zstd -d'],
  ['xz', 'fd377a585a', 'unxz --keep'],
  ['bzip2', '425a68', 'bunzip2 --keep'],
];

/** Compressed archives cannot be read at an offset; images hardly shrink anyway. */
async function refuseCompressed(path: string): Promise<void> {
  const start = (await readAt(path, {offset: 0, bytes: 5})).toString('hex');
  const found = compressions.find(([, magic]) => start.startsWith(magic));
  if (found === undefined) return;
  const [name, , unpack] = found;
  throw new UserError(`${path}: expected an uncompressed .tar, got one compressed with ${name}`, {
    tryThis: `${unpack} '${path}'`,
    exit: exitCodes.data,
  });
}

function explained(path: string, error: unknown): UserError {
  const reason = error instanceof Error ? error.message : String(error);
  if (reason.includes('Unexpected end')) return broken(path, 'a whole tar archive', 'one that ends early');
  return broken(path, 'a tar archive', reason);
}

function broken(path: string, expected: string, got: string): UserError {
  return new UserError(`${path}: expected ${expected}, got ${got}`, {exit: exitCodes.data});
}
