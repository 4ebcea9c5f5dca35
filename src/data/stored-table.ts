import {UserError, exitCodes} from '../support/errors.js';
import type {FileStore, StoredFile} from './file-store.js';

/**
 * A table in its store, and where a person finds it.
 * @throws UserError (data) when it has gone.
 */
export async function storedTable(
  store: FileStore,
  table: string,
): Promise<StoredFile & {readonly place: string}> {
  const place = store.place(table);
  const found = await store.find(table);
  if (found === undefined) {
    throw new UserError(`${place}: expected a readable file, got none`, {exit: exitCodes.data});
  }
  return {...found, place};
}
