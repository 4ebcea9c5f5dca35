import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {setTimeout as sleep} from 'node:timers/promises';
import {freeBytes} from '../../engine/install/disk-space.js';
import {transferRate} from '../../engine/install/transfer-rate.js';
import {exitCodes, UserError} from '../../support/errors.js';
import {formatBytes} from '../../support/format-bytes.js';
import {modelTypeOf} from '../checkpoint/checkpoint-files.js';
import {downloadFile, DroppedConnection} from './download-file.js';
import {blobPath, linkBlob, repositoryFolder, snapshotFolder, writeRef} from './hub-cache.js';
import type {HubEnvironment} from './hub-environment.js';
import {hubFetch, networkError, type Asked} from './hub-fetch.js';
import {lockRepository} from './repository-lock.js';
import {listRepository, type HubFile, type HubSnapshot} from './repository-files.js';
import {wantedFiles} from './wanted-files.js';

/** How far a pull is. */
export interface PullProgress {
  /** The file that is being downloaded. */
  readonly file: string;
  /** Of all files together. */
  readonly doneBytes: number;
  readonly totalBytes: number;
  readonly bytesPerSecond: number;
}

export interface PullOptions {
  readonly environment: HubEnvironment;
  readonly signal: AbortSignal;
  readonly onProgress: (progress: PullProgress) => void;
  readonly onNotice: (message: string) => void;
  /** Pauses before the tries that follow a dropped connection. */
  readonly retryDelaysMs?: readonly number[];
}

/** A snapshot that is whole in the cache. */
export interface PulledSnapshot {
  readonly folder: string;
  readonly commit: string;
  readonly files: readonly HubFile[];
  /** Bytes that were not in the cache before. */
  readonly downloadedBytes: number;
}

/** Room that must stay free beside the files. */
const slackBytes = 10_000_000;

const retryDelays = [1000, 4000] as const;

/**
 * Brings a revision of a repository into the cache: configuration, safetensors, tokenizer and model card of its CLIP
 * checkpoint, nothing else. What is there already is not fetched again.
 * @throws UserError; with exit code `retry` when the same command may go on later
 */
export async function pullSnapshot(asked: Asked, options: PullOptions): Promise<PulledSnapshot> {
  const {environment, signal} = options;
  const fetchHub = hubFetch(environment, asked, signal);
  const snapshot = await listRepository(environment, asked, signal, fetchHub);
  const folder = repositoryFolder(environment.cacheFolder, asked.repository);
  try {
    const lock = await lockRepository(asked, options);
    try {
      return await pullLocked({asked, options, snapshot, folder, fetchHub});
    } finally {
      await lock.release();
    }
  } catch (error) {
    throw isSystemError(error) ? cacheError(asked, environment, error) : error;
  }
}

interface Pull {
  readonly asked: Asked;
  readonly options: PullOptions;
  readonly snapshot: HubSnapshot;
  /** The repository's folder in the cache. */
  readonly folder: string;
  readonly fetchHub: typeof fetch;
}

type OnBytes = (bytes: number) => void;

async function pullLocked(pull: Pull): Promise<PulledSnapshot> {
  const {asked, options, snapshot, folder} = pull;
  const place = snapshotFolder(folder, snapshot.commit);
  const read = async (name: string) => {
    await fetchFile(pull, snapshot.files.get(name)!, () => undefined);
    return join(place, name);
  };
  const files = await wantedFiles(asked, snapshot, {
    modelType: async () => modelTypeOf(await read('config.json')),
    text: async (name) => readFile(await read(name), 'utf8'),
  });
  const missing = files.filter(({etag}) => !existsSync(blobPath(folder, etag)));
  const totalBytes = missing.reduce((sum, {bytes}) => sum + bytes, 0);
  await checkRoom(asked, folder, totalBytes);
  const rate = transferRate();
  let before = 0;
  for (const file of files) {
    await fetchFile(pull, file, (bytes) => {
      const doneBytes = before + bytes;
      const bytesPerSecond = rate.sample(doneBytes, performance.now());
      options.onProgress({file: file.name, doneBytes, totalBytes, bytesPerSecond});
    });
    if (missing.includes(file)) before += file.bytes;
  }
  await writeRef(folder, asked.revision, snapshot.commit);
  return {folder: place, commit: snapshot.commit, files, downloadedBytes: totalBytes};
}

/** Downloads a file unless its bytes are there, and links it into the snapshot. */
async function fetchFile(
  {asked, options, snapshot, folder, fetchHub}: Pull,
  file: HubFile,
  onBytes: OnBytes,
): Promise<void> {
  const {environment, signal, retryDelaysMs = retryDelays} = options;
  const target = blobPath(folder, file.etag);
  const url = `${environment.endpoint}/${asked.repository}/resolve/${snapshot.commit}/${file.name}`;
  for (let attempt = 0; !existsSync(target); attempt++) {
    try {
      await downloadFile({file, url, target, reference: asked.reference, fetch: fetchHub, onBytes});
    } catch (error) {
      if (!(error instanceof DroppedConnection)) throw error;
      const delay = retryDelaysMs[attempt];
      if (signal.aborted) throw networkError(environment, asked, signal, error);
      if (delay === undefined) throw droppedForGood(asked, file, error);
      await sleep(delay, undefined, {signal}).catch(() => undefined); // an abort is seen by the next try
    }
  }
  await linkBlob(folder, snapshot.commit, file);
}

function droppedForGood({reference}: Asked, {name}: HubFile, cause: DroppedConnection): UserError {
  return new UserError(
    `${reference}: ${name}: expected all of the file, got a dropped connection (${cause.message})`,
    {
      exit: exitCodes.retry,
      tryThis: 'run the same command again: it goes on where it stopped',
      cause,
    },
  );
}

async function checkRoom({reference}: Asked, folder: string, bytes: number): Promise<void> {
  const free = await freeBytes(folder);
  if (bytes === 0 || free >= bytes + slackBytes) return;
  throw new UserError(
    `${reference}: expected ${formatBytes(bytes)} of free disk for ${folder}, got ${formatBytes(free)}`,
    {
      exit: exitCodes.retry,
      tryThis: 'free some disk space, or set HF_HUB_CACHE to a folder on a larger disk',
    },
  );
}

function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function cacheError(
  {reference}: Asked,
  {cacheFolder}: HubEnvironment,
  cause: NodeJS.ErrnoException,
): UserError {
  return new UserError(
    `${reference}: expected a cache that can be written in ${cacheFolder}, got ${cause.code}`,
    {
      tryThis: 'set HF_HUB_CACHE to a folder of your own',
      cause,
    },
  );
}
