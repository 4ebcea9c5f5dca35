import {knownNames} from '../support/nearest-name.js';
import {UserError} from '../support/errors.js';
import {loadKinds} from './load-kinds.js';
import type {SetWriter} from './set-writer.js';

/**
 * The writer of a format.
 * @throws UserError (usage) when no format has this name.
 */
export async function findWriter(name: string): Promise<SetWriter> {
  const writers = await loadKinds<SetWriter>('writers');
  const writer = writers.find((candidate) => candidate.name === name);
  if (writer !== undefined) return writer;
  const known = writers.map((candidate) => candidate.name);
  throw new UserError(`--to: expected a known format, got ${name} (${knownNames(name, known)})`);
}
