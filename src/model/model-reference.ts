import {stat} from 'node:fs/promises';
import {basename, dirname} from 'node:path';
import {exitCodes, UserError} from '../support/errors.js';
import {bundledFolder, bundledName} from './bundled-model.js';
import {convertedName} from './checkpoint/checkpoint-files.js';
import {isPickle, refusePickle} from './checkpoint/pickle.js';
import {cachedSnapshot, repositoryFolder} from './hub/hub-cache.js';
import {hubEnvironment, type HubEnvironment} from './hub/hub-environment.js';
import type {Asked} from './hub/hub-fetch.js';
import {knownRepository, nearestKnownModel} from './hub/known-models.js';
import {pullSnapshot, type PulledSnapshot, type PullProgress} from './hub/pull-snapshot.js';

export type {PulledSnapshot, PullProgress};

/** What a reference means: a folder of the user's, or a repository of the hub. */
export type ModelReference =
  | {readonly kind: 'folder'; readonly path: string}
  | ({readonly kind: 'hub'; /** False: no revision was named. */ readonly isPinned: boolean} & Asked);

export interface ResolveOptions {
  /** Never download: the model is in the cache, or it is an error. */
  readonly cacheOnly?: boolean;
  readonly environment?: HubEnvironment;
  /** Aborting with the reason `SIGINT` or `SIGTERM` stops a download, which can go on later. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: PullProgress) => void;
  readonly onNotice?: (message: string) => void;
  readonly retryDelaysMs?: readonly number[];
}

const hubReference = /^hf(?:-hub)?:(.*)$/;
const repositoryName = /^(?!\.)[\w.-]+\/(?!\.)[\w.-]+$/;
const revisionName = /^(?!.*(?:^|\/)\.)[\w.-]+(?:\/[\w.-]+)*$/;

/**
 * The folder of a model: a folder as it is; `bundled` is the one that comes with the program; `hf:owner/name[@revision]` or a known name (`ViT-B-32/openai`) from the
 * cache of the hub, downloaded first if it is not there.
 * @throws UserError when the reference names nothing, or the download fails (exit code `retry`)
 */
export async function resolveModel(reference: string, options: ResolveOptions = {}): Promise<string> {
  const parsed = await parseModelReference(reference);
  if (parsed.kind === 'folder') return parsed.path;
  const environment = options.environment ?? hubEnvironment();
  const folder = repositoryFolder(environment.cacheFolder, parsed.repository);
  const cached = await cachedSnapshot(folder, parsed.revision);
  if (cached !== undefined) return cached;
  if (options.cacheOnly) {
    throw new UserError(
      `${reference}: expected a model that is pulled, got none in ${environment.cacheFolder}`,
      {
        tryThis: `fewclip models pull ${reference}`,
      },
    );
  }
  return (await pullReference(parsed, {...options, environment})).folder;
}

/**
 * Brings the newest state of a revision into the cache, even if an older one is there.
 * @throws UserError when it cannot
 */
export async function pullReference(asked: Asked, options: ResolveOptions): Promise<PulledSnapshot> {
  const environment = options.environment ?? hubEnvironment();
  if (environment.isOffline) {
    const place = environment.cacheFolder;
    throw new UserError(
      `${asked.reference}: expected it in ${place}, because HF_HUB_OFFLINE is set, got nothing`,
      {
        tryThis: `HF_HUB_OFFLINE=0 fewclip models pull ${asked.reference}`,
      },
    );
  }
  return pullSnapshot(asked, {
    environment,
    signal: options.signal ?? new AbortController().signal,
    onProgress: options.onProgress ?? (() => undefined),
    onNotice: options.onNotice ?? (() => undefined),
    ...(options.retryDelaysMs && {retryDelaysMs: options.retryDelaysMs}),
  });
}

/**
 * Reads a reference. A path that exists is that folder, whatever else its name could mean.
 * @throws UserError for what is neither a folder nor a reference
 */
export async function parseModelReference(reference: string): Promise<ModelReference> {
  if (reference.startsWith('local-dir:')) return localFolder(reference.slice('local-dir:'.length), reference);
  const named = hubReference.exec(reference)?.[1];
  if (named !== undefined) return parseRepository(named, reference);
  const stats = reference === '' ? undefined : await stat(reference).catch(() => undefined);
  if (stats !== undefined) return localFolder(reference, reference);
  if (reference === bundledName) return {kind: 'folder', path: bundledFolder()};
  const repository = knownRepository(reference);
  if (repository !== undefined)
    return {kind: 'hub', reference, repository, revision: 'main', isPinned: false};
  throw unknownReference(reference);
}

function parseRepository(named: string, reference: string): ModelReference {
  const [, repository = named, revision] = /^([^@]*)@(.*)$/.exec(named) ?? [];
  if (!repositoryName.test(repository) || (revision !== undefined && !revisionName.test(revision))) {
    throw new UserError(`model: expected hf:owner/name or hf:owner/name@revision, got ${reference}`);
  }
  return {kind: 'hub', reference, repository, revision: revision ?? 'main', isPinned: revision !== undefined};
}

async function localFolder(path: string, reference: string): Promise<ModelReference> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isDirectory()) return {kind: 'folder', path};
  if (stats !== undefined && isPickle(path)) return refusePickle([path], convertedName([]));
  const got = stats === undefined ? 'no such folder' : `the file ${basename(path)}`;
  throw new UserError(`model: expected the folder of a model, got ${got}: ${reference}`, {
    exit: exitCodes.data,
    ...(stats !== undefined && {tryThis: `give its folder: ${dirname(path)}`}),
  });
}

function unknownReference(reference: string): UserError {
  const expected = `a folder, ${bundledName}, hf:owner/name or a known name such as ViT-B-32/openai`;
  const nearest =
    nearestKnownModel(reference) ?? (repositoryName.test(reference) ? `hf:${reference}` : undefined);
  const got = (reference || 'nothing') + (nearest === undefined ? '' : ` (did you mean ${nearest}?)`);
  return new UserError(`model: expected ${expected}, got ${got}`, {tryThis: 'fewclip models list --known'});
}
