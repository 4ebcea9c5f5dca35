import type {Stats} from 'node:fs';
import {stat} from 'node:fs/promises';
import {UserError, exitCodes} from '../support/errors.js';
import type {FilePart} from './file-part.js';
import {loadKinds} from './load-kinds.js';

/** A file that a store holds. */
export interface StoredFile {
  readonly bytes: number;
  readonly part: FilePart;
}

/** A place that holds files under relative paths with forward slashes: a folder, an archive. Read-only. */
export interface FileStore {
  /** All regular files but clutter, in code-point order. */
  list(): Promise<readonly string[]>;
  /** The file under a path, or undefined when there is none. */
  find(path: string): Promise<StoredFile | undefined>;
  /** For messages: where a person finds the file. */
  place(path: string): string;
  /** The table that the user's path itself names; null when it names the place and a table is looked for. */
  readonly table: string | null;
  /** One sentence about what the store holds but does not give, for errors about missing files. */
  readonly caveat?: string;
}

/** One kind of store, a file in `stores/`. */
export interface StoreKind {
  /** The file's name. */
  readonly name: string;
  /** What a path must be for this kind, for messages: `a folder`. */
  readonly accepts: string;
  matches(path: string, stats: Stats): boolean;
  open(path: string): Promise<FileStore>;
}

/** Types a store kind; the folder `stores/` is the registry. */
export function defineStore(kind: StoreKind): StoreKind {
  return kind;
}

/**
 * Opens the store at a path.
 * @throws UserError (data) when nothing is there or no kind of store takes it.
 */
export async function openStore(path: string): Promise<FileStore> {
  const kinds = await loadKinds<StoreKind>('stores');
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  const failed = (got: string) => {
    const accepted = kinds.map((kind) => kind.accepts).join(', or ');
    return new UserError(`${path}: expected ${accepted}, got ${got}`, {exit: exitCodes.data});
  };
  if (stats instanceof Error) {
    throw failed(stats.code === 'ENOENT' ? 'no such file or folder' : `an error (${stats.message})`);
  }
  const kind = kinds.find((candidate) => candidate.matches(path, stats));
  if (kind === undefined) throw failed(stats.isFile() ? 'another file' : 'neither file nor folder');
  return kind.open(path);
}
