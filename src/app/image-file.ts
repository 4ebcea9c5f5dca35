import {readFile, stat} from 'node:fs/promises';
import type {ImageRef} from '../data/rows.js';
import {exitCodes, UserError} from '../support/errors.js';

/**
 * One image that the user names by its path.
 * @throws UserError (data) when no file is there
 */
export async function imageFile(path: string): Promise<ImageRef> {
  const stats = await stat(path).catch(() => undefined);
  if (stats?.isFile()) return {id: path, place: path, bytes: stats.size, read: () => readFile(path)};
  const got = stats === undefined ? 'no such file' : 'a folder';
  throw new UserError(`${path}: expected an image file, got ${got}`, {exit: exitCodes.data});
}
