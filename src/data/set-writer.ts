import type {Fields} from './layout.js';
import type {ImageRef} from './rows.js';

/** A row to be written: its image under a name that is safe on every disk, and what is said about it. */
export interface RowToWrite {
  readonly image: ImageRef;
  /** Letters, digits, `.`, `_` and `-`, with the extension of an image; no two rows of a set have one name. */
  readonly name: string;
  readonly captions: readonly string[];
  /** Canonical; null when the set has no splits. */
  readonly split: string | null;
  readonly label: string | null;
  /** What else the set says, as JSON could; without captions, class, split and name. */
  readonly fields: Fields;
}

export interface WriteRequest {
  /** An empty folder. */
  readonly folder: string;
  readonly rows: readonly RowToWrite[];
  /** Rows in each shard of the formats that have shards. */
  readonly shardRows: number;
  /** Reads an image; neighbours are quick. */
  readonly read: (image: ImageRef) => Promise<Buffer>;
  /** Told after each row. */
  readonly onRow: () => void;
}

/** One format that sets can be written in, a file in `writers/`. */
export interface SetWriter {
  /** The file's name. */
  readonly name: string;
  /** One sentence for the help. */
  readonly summary: string;
  /** Whether rows come back in the order of their names: then names must have that order. */
  readonly sortsByName: boolean;
  /** What the format has no place for. */
  readonly drops: readonly ('class' | 'fields')[];
  write(request: WriteRequest): Promise<void>;
}

/** Types a writer; the folder `writers/` is the registry. */
export function defineWriter(writer: SetWriter): SetWriter {
  return writer;
}
