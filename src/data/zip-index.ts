import {openPromise, type Entry, type ZipFile} from 'yauzl';
import {UserError, exitCodes} from '../support/errors.js';
import {insidePath, isClutter} from './inside-path.js';
import {sortingSpool} from './sorting-spool.js';
import type {ArchiveIndex, ArchiveMember} from './tar-index.js';

const mostZipEntries = 5_000_000;

/** Files that unpack to more than this may not unpack to this many times their packed bytes: such files are traps. */
const ratioFreeBytes = 1024 ** 2;
const largestRatio = 200;

/**
 * Reads the directory of a zip archive and notes where each file lies. Nothing is unpacked.
 * @throws UserError (data) when it is broken, encrypted, too long, a trap (as a file or as a whole), or an entry leads out of
 * it.
 */
export async function indexZip(path: string, mostEntries = mostZipEntries): Promise<ArchiveIndex> {
  const members = sortingSpool<ArchiveMember>((member) => member.path);
  let ignored = 0;
  let [bytes, packed] = [0, 0];
  try {
    const zip = await openPromise(path, {autoClose: false});
    try {
      if (zip.entryCount > mostEntries)
        throw broken(path, `at most ${mostEntries} files`, `${zip.entryCount}`);
      for await (const entry of zip.eachEntry()) {
        if (entry.fileName.endsWith('/')) continue;
        if (isLink(entry)) {
          ignored++;
          continue;
        }
        bytes += entry.uncompressedSize;
        packed += entry.compressedSize;
        const name = insidePath(entry.fileName, path);
        if (!isClutter(name)) members.add(await memberOf(zip, entry, `${path}: ${name}`));
      }
      // files that lie over one another pack more than the archive is long
      if (packed > zip.fileSize)
        throw broken(path, `files of at most ${zip.fileSize} packed bytes`, `${packed}`);
      if (bytes > ratioFreeBytes && bytes > largestRatio * zip.fileSize) {
        throw broken(
          path,
          `at most ${largestRatio} bytes for each packed one`,
          `${bytes} from ${zip.fileSize}`,
        );
      }
    } finally {
      zip.close();
    }
  } catch (error) {
    throw error instanceof UserError ? error : broken(path, 'a whole zip archive', (error as Error).message);
  }
  return {members: members.finish(), ignored};
}

async function memberOf(zip: ZipFile, entry: Entry, place: string): Promise<ArchiveMember> {
  const {uncompressedSize: bytes, compressedSize, compressionMethod} = entry;
  if (entry.isEncrypted()) throw broken(place, 'a file without a password', 'an encrypted one');
  if (compressionMethod !== 0 && compressionMethod !== 8) {
    throw broken(place, 'a stored or deflated file', `compression method ${compressionMethod}`);
  }
  if (bytes > ratioFreeBytes && bytes > largestRatio * compressedSize) {
    throw broken(
      place,
      `at most ${largestRatio} bytes for each packed one`,
      `${bytes} from ${compressedSize}`,
    );
  }
  const {fileDataStart} = await zip.readLocalFileHeaderPromise(entry, {minimal: true});
  return {
    path: insidePath(entry.fileName, place),
    offset: fileDataStart,
    bytes,
    ...(compressionMethod === 8 && {deflated: compressedSize}),
  };
}

const fileTypes = 0o170000;
const linkType = 0o120000;

/** Whether an entry is a symbolic link, as archives made on Unix say it. */
function isLink({externalFileAttributes}: Entry): boolean {
  return ((externalFileAttributes >>> 16) & fileTypes) === linkType;
}

function broken(place: string, expected: string, got: string): UserError {
  return new UserError(`${place}: expected ${expected}, got ${got}`, {exit: exitCodes.data});
}
