import type {ColumnKeys} from '../support/column-keys.js';
import {UserError} from '../support/errors.js';
import type {FileStore, StoredFile} from './file-store.js';
import {isSplitName, canonicalSplit, splitNames} from './splits.js';
import type {OtherBytes} from './utf8-text.js';

/** Values of one row by column, as the set writes them. */
export type Fields = Readonly<Record<string, unknown>>;

/** One row of a set before its image is looked up. Rows about the same image are joined later. */
export interface SetRecord {
  /** Path of the image, relative with forward slashes; what identifies it when the table holds the image itself. */
  readonly file: string;
  /** As written; may be empty. */
  readonly captions: readonly string[];
  /** Canonical; null when the row names none. */
  readonly split: string | null;
  readonly fields: Fields;
  /** The image when the table itself holds it. */
  readonly embedded?: StoredFile;
  /** Further folders where the image may lie, each ending with a slash. */
  readonly folders?: readonly string[];
}

/** Who is told of a fault in a row, which is then left out; where nobody is, the fault is thrown. */
export interface FaultTold {
  readonly onFault?: ((fault: UserError) => void) | undefined;
}

/** What a layout is read for. Where faults are told, bytes that are not UTF-8 are read as U+FFFD. */
export interface ReadContext extends FaultTold {
  readonly keys: ColumnKeys;
  /** Whether captions and other columns are wanted; a pool of images needs none. */
  readonly withText: boolean;
}

/** What a row gives: one value, or none when it has a fault that is told. */
export function rowOrFault<T>({onFault}: FaultTold, read: () => T): readonly T[] {
  try {
    return [read()];
  } catch (error) {
    if (onFault === undefined || !(error instanceof UserError)) throw error;
    onFault(error);
    return [];
  }
}

/** How bytes that are not UTF-8 are read: see {@link ReadContext}. */
export function otherBytes({onFault}: FaultTold): OtherBytes {
  return onFault === undefined ? 'refused' : 'replaced';
}

/** One way to write down which images belong to a set and what is said about them; a file in `layouts/`. */
export interface Layout {
  /** The file's name. */
  readonly name: string;
  /** What it looks for, for messages: `captions.csv`. */
  readonly looksFor: string;
  /** Tables of this layout in a store; those of one list are read one after another, as one set. */
  find(store: FileStore): Promise<readonly (readonly string[])[]>;
  /** Whether it reads a table of this name when the user names it. */
  reads(table: string): boolean;
  /** @throws UserError (data) with the line, row or byte of the first fault. */
  read(store: FileStore, table: string, context: ReadContext): AsyncIterable<SetRecord>;
}

/** Types a layout; the folder `layouts/` is the registry. */
export function defineLayout(layout: Layout): Layout {
  return layout;
}

/** Files that a path may name directly as a table or list. */
export const tableExtensions = ['csv', 'tsv', 'jsonl', 'json', 'parquet', 'txt', 'lst'] as const;
export const tableExtension = new RegExp(`\\.(${tableExtensions.join('|')})$`, 'i');

/** Those of the names that the store holds, each a set of its own. */
export async function present(
  store: FileStore,
  names: readonly string[],
): Promise<readonly (readonly string[])[]> {
  return (await held(store, names)).map((name) => [name]);
}

/** The tables of an `imagefolder` data set: one at the root, or one in each folder of a split. */
export async function metadataTables(
  store: FileStore,
  name: string,
): Promise<readonly (readonly string[])[]> {
  if ((await held(store, [name])).length > 0) return [[name]];
  const tables = await held(
    store,
    splitNames.map((split) => `${split}/${name}`),
  );
  return tables.length === 0 ? [] : [tables];
}

/** Those of the names that the store holds. */
export async function held(store: FileStore, names: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(names.map((name) => store.find(name)));
  return names.filter((_, i) => found[i] !== undefined);
}

/** `train/` for `train/metadata.csv`: paths in a table in a folder are relative to that folder. */
export function folderOfTable(table: string): string {
  return table.includes('/') ? table.slice(0, table.lastIndexOf('/') + 1) : '';
}

/** The split of all rows of a table that lies in a split's folder; null for others. */
export function splitOfTable(table: string): string | null {
  const folder = folderOfTable(table).slice(0, -1);
  return isSplitName(folder) ? canonicalSplit(folder) : null;
}
