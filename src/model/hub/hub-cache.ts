import {existsSync} from 'node:fs';
import {copyFile, mkdir, readdir, readFile, rm, symlink} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import {writeFileAtomically} from '../../support/atomic-file.js';
import {chooseCheckpoint, modelTypeOf} from '../checkpoint/checkpoint-files.js';
import {parseShardIndex} from '../safetensors/sharded.js';

const commitHash = /^[0-9a-f]{40}$/;

export function isCommit(revision: string): boolean {
  return commitHash.test(revision);
}

/**
 * The folders of one repository in the cache that all tools of Hugging Face share: `blobs/<etag>` holds the bytes,
 * `snapshots/<commit>/<name>` links to them, `refs/<branch>` names a commit.
 */
export function repositoryFolder(cacheFolder: string, repository: string): string {
  return join(cacheFolder, `models--${repository.replaceAll('/', '--')}`);
}

export function snapshotFolder(repositoryFolder: string, commit: string): string {
  return join(repositoryFolder, 'snapshots', commit);
}

export function blobPath(repositoryFolder: string, etag: string): string {
  return join(repositoryFolder, 'blobs', etag);
}

/** The commit that a revision named when it was last pulled. */
export async function cachedCommit(repositoryFolder: string, revision: string): Promise<string | undefined> {
  if (isCommit(revision)) return revision;
  const text = await readFile(join(repositoryFolder, 'refs', revision), 'utf8').catch(() => '');
  return isCommit(text.trim()) ? text.trim() : undefined;
}

/** The snapshot of a revision, if a whole CLIP checkpoint is in it. */
export async function cachedSnapshot(
  repositoryFolder: string,
  revision: string,
): Promise<string | undefined> {
  const commit = await cachedCommit(repositoryFolder, revision);
  if (commit === undefined) return undefined;
  const folder = snapshotFolder(repositoryFolder, commit);
  return (await isWhole(folder)) ? folder : undefined;
}

/** Whether a folder holds a checkpoint with all its shards; links to missing blobs do not count. */
export async function isWhole(folder: string): Promise<boolean> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => existsSync(join(folder, name)));
  const modelType = () => modelTypeOf(join(folder, 'config.json')).catch(() => undefined);
  const files = await chooseCheckpoint(names, modelType);
  if (files === undefined) return false;
  if (!files.isSharded) return true;
  const index = join(folder, files.weights);
  const {shards} = parseShardIndex(await readFile(index, 'utf8'), index);
  return shards.every((shard) => names.includes(shard));
}

/** What file systems without symbolic links answer. */
const linkless = new Set(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS']);

/** Makes a blob appear in a snapshot under its name. */
export async function linkBlob(
  repositoryFolder: string,
  commit: string,
  file: {name: string; etag: string},
): Promise<void> {
  const path = join(snapshotFolder(repositoryFolder, commit), file.name);
  await mkdir(dirname(path), {recursive: true});
  if (existsSync(path)) return;
  await rm(path, {force: true}); // a link whose blob is gone
  await symlink(join('..', '..', 'blobs', file.etag), path).catch(async (error: NodeJS.ErrnoException) => {
    if (!linkless.has(error.code ?? '')) throw error;
    await copyFile(blobPath(repositoryFolder, file.etag), path);
  });
}

/** Remembers which commit a branch or tag names. */
export async function writeRef(repositoryFolder: string, revision: string, commit: string): Promise<void> {
  if (!isCommit(revision)) await writeFileAtomically(join(repositoryFolder, 'refs', revision), commit);
}
