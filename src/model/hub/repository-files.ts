import {exitCodes, UserError} from '../../support/errors.js';
import {isCommit} from './hub-cache.js';
import type {HubEnvironment} from './hub-environment.js';
import {networkError, type Asked} from './hub-fetch.js';

/** A file of a repository as the hub lists it. */
export interface HubFile {
  readonly name: string;
  readonly bytes: number;
  /** The name of its blob in the cache. */
  readonly etag: string;
  /** What its bytes must hash to; undefined when the hub tells only its own kind of hash. */
  readonly checksum: {readonly algorithm: 'sha256' | 'git-sha1'; readonly hex: string} | undefined;
}

export interface HubSnapshot {
  readonly commit: string;
  readonly files: ReadonlyMap<string, HubFile>;
}

/**
 * The commit that a revision names now, and the files at the top of the repository.
 * @throws UserError when the hub refuses or cannot be reached
 */
export async function listRepository(
  environment: HubEnvironment,
  asked: Asked,
  signal: AbortSignal,
  fetchHub: typeof fetch,
): Promise<HubSnapshot> {
  const {modelInfo, listFiles} = await import('@huggingface/hub');
  const hub = {hubUrl: environment.endpoint, fetch: fetchHub};
  try {
    const {repository, revision} = asked;
    const {sha: commit} = await modelInfo({...hub, name: repository, revision, additionalFields: ['sha']});
    if (typeof commit !== 'string' || !isCommit(commit))
      throw notTheHub(environment, asked, `the commit ${commit}`);
    const files = new Map<string, HubFile>();
    for await (const entry of listFiles({...hub, repo: repository, revision: commit})) {
      const file = entry.type === 'file' ? hubFile(entry) : undefined;
      if (file !== undefined) files.set(file.name, file);
    }
    return {commit, files};
  } catch (error) {
    if (error instanceof SyntaxError) throw notTheHub(environment, asked, error.message);
    throw networkError(environment, asked, signal, error);
  }
}

interface Entry {
  readonly path: string;
  readonly size: number;
  readonly oid?: string;
  readonly lfs?: {readonly oid: string; readonly size: number};
  readonly xetHash?: string;
}

/** Big files are named by their SHA-256, small ones by git's hash. Entries named otherwise are left out. */
function hubFile({path: name, size, oid, lfs, xetHash}: Entry): HubFile | undefined {
  if (lfs !== undefined && /^[0-9a-f]{64}$/.test(lfs.oid)) {
    return {name, bytes: lfs.size, etag: lfs.oid, checksum: {algorithm: 'sha256', hex: lfs.oid}};
  }
  if (xetHash !== undefined && /^[0-9a-f]{64}$/.test(xetHash)) {
    return {name, bytes: size, etag: xetHash, checksum: undefined};
  }
  if (oid !== undefined && isCommit(oid)) {
    return {name, bytes: size, etag: oid, checksum: {algorithm: 'git-sha1', hex: oid}};
  }
  return undefined;
}

function notTheHub({endpoint}: HubEnvironment, {reference}: Asked, got: string): UserError {
  return new UserError(`${reference}: expected an answer of the hub's API from ${endpoint}, got ${got}`, {
    exit: exitCodes.retry,
    tryThis: 'check HF_ENDPOINT, and whether a proxy answers in place of the hub',
  });
}
