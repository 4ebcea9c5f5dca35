import {createReadStream} from 'node:fs';
import {pipeline} from 'node:stream/promises';
import {extract, type Header} from 'tar-stream';
import {UserError, exitCodes} from '../support/errors.js';
import {readAt} from './file-part.js';
import {insidePath, isClutter} from './inside-path.js';
import {sortingSpool} from './sorting-spool.js';

/** A file in an archive. */
export interface ArchiveMember {
  readonly path: string;
  readonly offset: number;
  readonly bytes: number;
  /** Bytes in the archive when the file is compressed there (deflate). */
  readonly deflated?: number;
}

export interface ArchiveIndex {
  /** Regular files but clutter, in code-point order; of two entries with one path the later counts, as when unpacked. */
  readonly members: readonly ArchiveMember[];
  /** Links, devices and pipes, which are never followed. */
  readonly ignored: number;
}

const headerBytes = 512;

/** An archive with more entries is refused: it is no set of images. */
const mostTarEntries = 5_000_000;

/**
 * Reads an archive once from end to end and notes where each file lies. Nothing is unpacked.
 * @throws UserError (data) when it is compressed, broken, cut short, too long, or an entry leads out of it.
 */
export async function indexTar(path: string, mostEntries = mostTarEntries): Promise<ArchiveIndex> {
  const members = sortingSpool<ArchiveMember>((member) => member.path);
  let ignored = 0;
  let count = 0;
  const note = (header: Header, offset: number) => {
    if (header.type === 'directory') return;
    if (++count > mostEntries) throw broken(path, `at most ${mostEntries} files`, 'more');
    if (header.type !== 'file' && header.type !== 'contiguous-file') {
      ignored++;
      return;
    }
    const member = {path: insidePath(header.name, path), offset, bytes: header.size};
    if (!isClutter(member.path)) members.add(member);
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
  return {members: members.finish(), ignored};
}

const compressions: readonly (readonly [name: string, magic: string, unpack: string])[] = [
  ['gzip', '1f8b', 'gunzip --keep'],
  ['zstd', '28b52ffd', 'zstd -d'],
  ['xz', 'fd377a585a', 'unxz --keep'],
  ['bzip2', '425a68', 'bunzip2 --keep'],
];

/** Compressed archives cannot be read at an offset; images hardly shrink anyway. */
async function refuseCompressed(path: string): Promise<void> {
  const start = (await readAt(path, 0, 5)).toString('hex');
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
