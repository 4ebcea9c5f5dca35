import {existsSync} from 'node:fs';
import {readdir, readlink, rm, stat} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {cachedCommit, isWhole, repositoryFolder, snapshotFolder} from './hub-cache.js';

/** A CLIP checkpoint in the cache. */
export interface CachedModel {
  readonly repository: string;
  readonly commit: string;
  /** Branches and tags that named the commit when it was pulled. */
  readonly revisions: readonly string[];
  readonly folder: string;
  readonly bytes: number;
}

/** All whole CLIP checkpoints in the cache, whoever put them there, by repository. */
export async function listCachedModels(cacheFolder: string): Promise<CachedModel[]> {
  const models: CachedModel[] = [];
  for (const name of (await entries(cacheFolder)).filter((entry) => entry.startsWith('models--'))) {
    const repository = name.slice('models--'.length).replaceAll('--', '/');
    const folder = join(cacheFolder, name);
    const refs = await refsOf(folder);
    for (const commit of await entries(join(folder, 'snapshots'))) {
      const snapshot = snapshotFolder(folder, commit);
      if (!(await isWhole(snapshot).catch(() => false))) continue;
      const revisions = refs.filter((ref) => ref.commit === commit).map((ref) => ref.name);
      models.push({repository, commit, revisions, folder: snapshot, bytes: await bytesOf(snapshot)});
    }
  }
  return models;
}

/** What was removed from the cache. */
export interface Removed {
  readonly bytes: number;
  readonly folder: string;
}

/** Removes all that the cache holds of a repository. Undefined when it holds nothing. */
export async function removeRepository(
  cacheFolder: string,
  repository: string,
): Promise<Removed | undefined> {
  const folder = repositoryFolder(cacheFolder, repository);
  if (!existsSync(folder)) return undefined;
  const bytes = await bytesOf(join(folder, 'blobs'));
  await rm(folder, {recursive: true});
  return {bytes, folder};
}

/** Removes one revision and the blobs that no other revision uses. Undefined when the cache does not hold it. */
export async function removeRevision(
  cacheFolder: string,
  repository: string,
  revision: string,
): Promise<Removed | undefined> {
  const folder = repositoryFolder(cacheFolder, repository);
  const commit = await cachedCommit(folder, revision);
  const snapshot = commit === undefined ? undefined : snapshotFolder(folder, commit);
  if (snapshot === undefined || !existsSync(snapshot)) return undefined;
  const commits = await entries(join(folder, 'snapshots'));
  if (commits.length === 1) return removeRepository(cacheFolder, repository);
  const own = await blobsOf(snapshot);
  await rm(snapshot, {recursive: true});
  for (const ref of await refsOf(folder)) {
    if (ref.commit === commit) await rm(join(folder, 'refs', ref.name));
  }
  const used = new Set<string>();
  for (const other of commits.filter((name) => name !== commit)) {
    for (const blob of await blobsOf(snapshotFolder(folder, other))) used.add(blob);
  }
  let bytes = 0;
  for (const blob of [...own].filter((name) => !used.has(name))) {
    const path = join(folder, 'blobs', blob);
    bytes += await fileBytes(path);
    await rm(path, {force: true});
  }
  return {bytes, folder: snapshot};
}

async function refsOf(folder: string): Promise<{name: string; commit: string | undefined}[]> {
  const names = await entries(join(folder, 'refs'), true);
  return Promise.all(names.map(async (name) => ({name, commit: await cachedCommit(folder, name)})));
}

/** The names of the blobs that a snapshot links to. */
async function blobsOf(snapshot: string): Promise<Set<string>> {
  const links = await Promise.all(
    (await entries(snapshot, true)).map((name) => readlink(join(snapshot, name)).catch(() => undefined)),
  );
  return new Set(links.flatMap((link) => (link === undefined ? [] : basename(link))));
}

async function bytesOf(folder: string): Promise<number> {
  const sizes = await Promise.all((await entries(folder, true)).map((name) => fileBytes(join(folder, name))));
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Bytes of a file behind any links; 0 for what is none. */
async function fileBytes(path: string): Promise<number> {
  const stats = await stat(path).catch(() => undefined);
  return stats?.isFile() ? stats.size : 0;
}

async function entries(folder: string, recursive = false): Promise<string[]> {
  return (await readdir(folder, {recursive}).catch(() => [])).sort();
}
