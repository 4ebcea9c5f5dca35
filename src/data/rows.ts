import type {FilePart} from './file-part.js';

/** One image that can be read again and again. */
export interface ImageRef {
  /** Stable inside its set: the path below the set's images, with forward slashes. */
  readonly id: string;
  /** For messages: where a person finds it, for example `ucm.tar: images/a.webp`. */
  readonly place: string;
  /** Length of the encoded file. */
  readonly bytes: number;
  /** The encoded file (JPEG, PNG, WebP, ...). */
  read(): Promise<Buffer>;
  /** What shows where the image is transparent; left out: alpha is dropped, as Pillow does. */
  readonly background?: 'white';
  /** Where it lies on disk, for threads that `read` cannot be handed to; left out when it was made in memory. */
  readonly part?: FilePart;
}

export interface ImageRow {
  readonly image: ImageRef;
}

export interface CaptionedRow extends ImageRow {
  /** At least one, none empty. One is drawn per visit. */
  readonly captions: readonly string[];
}

export interface DataSet<R extends ImageRow> {
  readonly rows: readonly R[];
  /**
   * SHA-256, hexadecimal, over the captions (and labels) of the rows in order with the bytes of the images; for evaluation
   * and for very large sets with their ids and lengths instead.
   */
  readonly fingerprint: string;
  /** The path or reference the user gave. */
  readonly origin: string;
  /** How many rows were left out, by reason (`no caption`, ...); empty when all are in. */
  readonly skipped: Readonly<Record<string, number>>;
}
