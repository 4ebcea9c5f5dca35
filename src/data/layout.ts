import type {FileStore} from './file-store.js';

/** Values of one row by column, as the set writes them. */
export type Fields = Readonly<Record<string, unknown>>;

/** One row of a set before its image is looked up. Rows about the same image are joined later. */
export interface SetRecord {
  /** Path of the image, relative with forward slashes. */
  readonly file: string;
  /** As written; may be empty. */
  readonly captions: readonly string[];
  /** Canonical; null when the row names none. */
  readonly split: string | null;
  readonly fields: Fields;
}

export interface SetRecords {
  readonly records: readonly SetRecord[];
  /** What was left out, by reason. */
  readonly skipped: Readonly<Record<string, number>>;
}

/** One way to write down which images belong to a set and what is said about them; a file in `layouts/`. */
export interface Layout {
  /** The file's name. */
  readonly name: string;
  /** What it looks for, for messages: `captions.csv`. */
  readonly looksFor: string;
  /** Tables of this layout at the root of a store. */
  find(store: FileStore): Promise<readonly string[]>;
  /** Whether it reads a table of this name when the user names it. */
  reads(table: string): boolean;
  /** @throws UserError (data) with the line of the first fault. */
  read(store: FileStore, table: string): Promise<SetRecords>;
}

/** Types a layout; the folder `layouts/` is the registry. */
export function defineLayout(layout: Layout): Layout {
  return layout;
}

/** Tables that a path may name directly. */
export const tableExtension = /\.(csv|tsv|jsonl)$/i;

/** Those of the names that the store holds. */
export async function present(store: FileStore, names: readonly string[]): Promise<readonly string[]> {
  const sizes = await Promise.all(names.map((name) => store.size(name)));
  return names.filter((_, i) => sizes[i] !== undefined);
}
