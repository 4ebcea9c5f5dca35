import {stat} from 'node:fs/promises';
import {UserError, exitCodes} from '../support/errors.js';
import {knownNames} from '../support/nearest-name.js';
import {folderStore} from './folder-files.js';
import {loadKinds} from './load-kinds.js';
import {missingText, readParts, type ReadSet} from './read-set.js';
import type {SetPart} from './set-parts.js';
import type {SetSource} from './set-source.js';

export interface ReadSourceOptions {
  /** The name of a source. */
  readonly source: string;
  readonly split: string | undefined;
  /** Told of missing images, which are then left out; undefined: they are an error. */
  readonly onMissing: ((message: string) => void) | undefined;
}

/**
 * Reads a published set from the folder it was unpacked in.
 * @throws UserError (usage) for an unknown source; (data) that says which file is missing and where it comes from
 */
export async function readSource(path: string, options: ReadSourceOptions): Promise<ReadSet> {
  const source = await findSource(options.source);
  if ((await stat(path).catch(() => undefined))?.isDirectory() !== true) {
    throw new UserError(`${path}: expected the folder of ${source.name} (${source.summary}), got none`, {
      exit: exitCodes.data,
    });
  }
  const {split, onMissing} = options;
  return readParts(partOf(source, path), path, {
    split,
    purpose: 'pool',
    skip: () => null,
    missing: (missing) => {
      const message = `${path}: expected every image of ${source.name}, got none for ${missingText(missing)}`;
      if (onMissing !== undefined) {
        onMissing(`${message}: left out`);
        return;
      }
      throw new UserError(message, {
        tryThis: `they come from ${source.images}; --skip-missing leaves them out`,
        exit: exitCodes.data,
      });
    },
  });
}

async function findSource(name: string): Promise<SetSource> {
  const sources = await loadKinds<SetSource>('sources');
  const source = sources.find((candidate) => candidate.name === name);
  if (source !== undefined) return source;
  const known = sources.map((candidate) => candidate.name);
  throw new UserError(`--source: expected a known set, got ${name} (${knownNames(name, known)})`);
}

// eslint-disable-next-line @typescript-eslint/require-await -- a set with one part is a sequence of parts as well
async function* partOf(source: SetSource, path: string): AsyncGenerator<SetPart> {
  const store = folderStore(path);
  yield {store, prefix: '', split: null, others: 0, records: source.records(store)};
}
