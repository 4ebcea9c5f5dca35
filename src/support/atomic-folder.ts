import {randomUUID} from 'node:crypto';
import {mkdir, readdir, rename, rm, rmdir} from 'node:fs/promises';
import {basename, dirname, join, resolve} from 'node:path';
import {syncFolder} from './atomic-file.js';
import {UserError} from './errors.js';

/**
 * Makes a folder so that a reader sees all of it or none: a temporary folder beside it is filled and renamed.
 * @throws UserError (usage) when something other than an empty folder is there
 */
export async function writeFolderAtomically<T>(
  path: string,
  fill: (folder: string) => Promise<T>,
): Promise<T> {
  await refuseContent(path);
  const target = resolve(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomUUID().slice(0, 8)}.tmp`);
  await mkdir(temporary, {recursive: true});
  try {
    const result = await fill(temporary);
    await rmdir(target).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(temporary, target);
    await syncFolder(dirname(target));
    return result;
  } catch (error) {
    await rm(temporary, {recursive: true, force: true});
    throw error;
  }
}

/** @throws UserError (usage) when a folder cannot be made there without taking something away */
export async function refuseContent(path: string): Promise<void> {
  const entries = await readdir(path).catch((error: NodeJS.ErrnoException) => error);
  const got =
    entries instanceof Error ? gotFor(entries) : entries.length === 0 ? null : `${entries.length} entries`;
  if (got === null) return;
  throw new UserError(`${path}: expected a new or an empty folder, got ${got}`, {
    tryThis: 'choose another path, or remove what is there',
  });
}

function gotFor({code, message}: NodeJS.ErrnoException): string | null {
  if (code === 'ENOENT') return null;
  return code === 'ENOTDIR' ? 'a file' : message;
}
