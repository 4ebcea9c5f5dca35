import {randomUUID} from 'node:crypto';
import {mkdir, readdir, rename, rm} from 'node:fs/promises';
import {basename, join} from 'node:path';

const prefix = '.tmp-';

/**
 * Removes what installations that were killed left behind. Call it with the lock held: then every temporary
 * folder there belongs to a dead process.
 */
export async function removeTemporaryFolders(engines: string): Promise<void> {
  const names = (await readdir(engines).catch(() => [])).filter((name) => name.startsWith(prefix));
  await Promise.all(names.map((name) => removeFolder(join(engines, name))));
}

/** Makes an empty folder beside the engines, to be renamed into place or removed. */
export async function makeTemporaryFolder(engines: string): Promise<string> {
  const folder = join(engines, `${prefix}${process.pid}-${randomUUID().slice(0, 8)}`);
  await mkdir(folder, {recursive: true});
  return folder;
}

/** Removes an engine so that nobody sees a part of it: it vanishes by a rename first. */
export async function removeEngineFolder(folder: string): Promise<void> {
  const away = join(folder, '..', `${prefix}${process.pid}-${basename(folder)}-${randomUUID().slice(0, 8)}`);
  await rename(folder, away);
  await removeFolder(away);
}

async function removeFolder(folder: string): Promise<void> {
  // a program of a killed installation may still be writing there: try again
  await rm(folder, {recursive: true, force: true, maxRetries: 5, retryDelay: 200});
}
