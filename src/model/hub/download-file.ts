import {createHash} from 'node:crypto';
import {createReadStream} from 'node:fs';
import {mkdir, open, rename, rm, stat, type FileHandle} from 'node:fs/promises';
import {dirname} from 'node:path';
import {exitCodes, UserError} from '../../support/errors.js';
import type {HubFile} from './repository-files.js';

export interface Download {
  readonly file: HubFile;
  readonly url: string;
  /** Where the bytes go once they are all there and right; until then they are in `<target>.incomplete`. */
  readonly target: string;
  /** The reference, for errors. */
  readonly reference: string;
  readonly fetch: typeof fetch;
  /** Hears how many bytes of the file are there. */
  readonly onBytes: (bytes: number) => void;
}

/** The connection ended before the file did; what has come is kept. */
export class DroppedConnection extends Error {
  override readonly name = 'DroppedConnection';
}

/**
 * Downloads a file, going on behind the bytes that an earlier try left. It appears under its name only when its
 * length and its checksum are right.
 * @throws DroppedConnection when it is worth to go on; UserError with exit code `retry` for bytes that are wrong,
 * which are deleted, and for a full disk
 */
export async function downloadFile(download: Download): Promise<void> {
  const {file, target} = download;
  const partial = `${target}.incomplete`;
  await mkdir(dirname(target), {recursive: true});
  const handle = await open(partial, 'a');
  try {
    await fillFrom(handle, download);
    await handle.sync();
  } catch (error) {
    throw isFullDisk(error) ? fullDisk(download, error) : error;
  } finally {
    await handle.close();
  }
  const {size} = await stat(partial);
  if (size < file.bytes) throw new DroppedConnection(`${size} of ${file.bytes} bytes`);
  const got = size > file.bytes ? 'more' : await wrongHash(partial, file);
  if (got !== undefined) {
    await rm(partial, {force: true});
    throw wrongBytes(download, got);
  }
  await rename(partial, target);
}

/** Appends what is missing. */
async function fillFrom(
  handle: FileHandle,
  {file, url, fetch: fetchHub, onBytes, ...download}: Download,
): Promise<void> {
  const {size} = await handle.stat();
  let done = size > file.bytes ? 0 : size;
  onBytes(done);
  if (done === file.bytes && done > 0) return;
  const response = await fetchHub(url, done > 0 ? {headers: {range: `bytes=${done}-`}} : {});
  if (response.status !== 206 || rangeStart(response) !== done) done = 0; // the server sends the file from its start
  const total = announcedBytes(response, done);
  if (response.status === 416 || (total !== undefined && total !== file.bytes)) {
    await response.body?.cancel();
    await handle.truncate(0);
    throw wrongBytes({...download, file}, response.status === 416 ? 'HTTP 416' : `${total} bytes`);
  }
  if (size !== done) await handle.truncate(done);
  for await (const chunk of bodyOf(response)) {
    await handle.appendFile(chunk);
    done += chunk.length;
    if (done > file.bytes) return; // an endless answer would fill the disk
    onBytes(done);
  }
}

async function* bodyOf(response: Response): AsyncGenerator<Uint8Array> {
  if (response.body === null) return;
  const reader = response.body.getReader();
  try {
    for (;;) {
      const part = await reader.read().catch((error: unknown): never => {
        throw new DroppedConnection('the connection broke', {cause: error});
      });
      if (part.done) return;
      yield part.value;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // of a broken stream there is nothing to cancel
  }
}

function rangeStart(response: Response): number | undefined {
  const start = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  return start === undefined ? undefined : Number(start);
}

/** Length of the whole file by the headers, if they tell. */
function announcedBytes(response: Response, start: number): number | undefined {
  const range = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '')?.[1];
  if (range !== undefined) return Number(range);
  const length = response.headers.get('content-length');
  return length === null ? undefined : start + Number(length);
}

/** What the bytes hash to, when that is not what the hub says. */
async function wrongHash(path: string, {bytes, checksum}: HubFile): Promise<string | undefined> {
  if (checksum === undefined) return undefined;
  const hash = createHash(checksum.algorithm === 'sha256' ? 'sha256' : 'sha1');
  if (checksum.algorithm === 'git-sha1') hash.update(`blob ${bytes}\0`); // git hashes a header first
  for await (const chunk of createReadStream(path, {highWaterMark: 2 ** 20})) hash.update(chunk as Buffer);
  const hex = hash.digest('hex');
  return hex === checksum.hex ? undefined : `${checksum.algorithm} ${hex}`;
}

function wrongBytes({file, reference}: Pick<Download, 'file' | 'reference'>, got: string): UserError {
  const hash = got.includes('sha') ? ` with ${file.checksum?.algorithm} ${file.checksum?.hex}` : '';
  return new UserError(
    `${reference}: ${file.name}: expected ${file.bytes} bytes${hash}, got ${got}; they are deleted`,
    {
      exit: exitCodes.retry,
      tryThis: 'run the same command again',
    },
  );
}

function isFullDisk(error: unknown): boolean {
  return ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');
}

function fullDisk({file, reference, target}: Download, cause: unknown): UserError {
  return new UserError(`${reference}: ${file.name}: expected room in ${dirname(target)}, got a full disk`, {
    exit: exitCodes.retry,
    tryThis: 'free some disk space, then run the same command again: it goes on where it stopped',
    cause,
  });
}
