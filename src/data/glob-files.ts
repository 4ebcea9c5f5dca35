import {dirname, join} from 'node:path';
import picomatch from 'picomatch';
import {UserError, exitCodes} from '../support/errors.js';
import type {FileStore} from './file-store.js';
import {folderStore} from './folder-files.js';

/** Whether a path that does not exist is a pattern. */
export function isGlob(path: string): boolean {
  return picomatch.scan(path).isGlob;
}

/**
 * The files that a pattern names, as a folder that holds nothing else: `photos/*.jpg`.
 * @throws UserError (data) when no file fits.
 */
export async function globStore(pattern: string): Promise<FileStore> {
  const {base, glob} = picomatch.scan(pattern);
  const matches = picomatch(glob, {dot: false});
  const root = base === '' ? '.' : base;
  const store = folderStore(root, {includes: (path) => matches(path)});
  const files = await store.list();
  if (files.length > 0) return store;
  throw new UserError(`${pattern}: expected files that fit the pattern, got none below ${join(root)}`, {
    tryThis: `quote the pattern, and look: ls ${dirname(pattern)}`,
    exit: exitCodes.data,
  });
}
