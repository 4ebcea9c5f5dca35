import type {ColumnKeys} from '../../support/column-keys.js';
import {hashedDataSet} from '../../data/data-set.js';
import {findWriter} from '../../data/find-writer.js';
import {partReader} from '../../data/part-reader.js';
import {readSet, type SetRow} from '../../data/read-set.js';
import type {ImageRef} from '../../data/rows.js';
import {rowsToWrite} from '../../data/rows-to-write.js';
import {writeFolderAtomically} from '../../support/atomic-folder.js';
import {BugError} from '../../support/errors.js';

export interface WriteSetRequest {
  readonly rows: readonly SetRow[];
  /** Columns of the source that hold image and caption. */
  readonly keys: ColumnKeys;
  /** A format by name. */
  readonly to: string;
  /** A folder that is not there, or empty. */
  readonly out: string;
  readonly shardRows: number;
}

/** What was written. */
export interface WrittenSet {
  readonly out: string;
  readonly format: string;
  readonly images: number;
  readonly captions: number;
  /** By split; one without a name when the set has no splits. */
  readonly parts: readonly WrittenPart[];
  /** What the format has no place for, though the set has it. */
  readonly dropped: readonly string[];
}

export interface WrittenPart {
  readonly split: string | null;
  readonly images: number;
  readonly captions: number;
  /** As `DataSet.fingerprint`: the same before and after. */
  readonly fingerprint: string;
}

/**
 * Writes a set in a format, reads it again, and puts it in its place when both are the same.
 * @param onRow told after each image that was written
 * @throws UserError when the format is unknown, the folder is not empty, or an image cannot be read
 */
export async function writeSet(
  {rows, keys, to, out, shardRows}: WriteSetRequest,
  onRow: () => void,
): Promise<WrittenSet> {
  const writer = await findWriter(to);
  const readPart = partReader();
  const read = (image: ImageRef) => (image.part === undefined ? image.read() : readPart(image.part));
  const written = await rowsToWrite(rows, {writer, keys, read});
  const parts = await writeFolderAtomically(out, async (folder) => {
    await writer.write({folder, rows: written, shardRows, read, onRow});
    const again = await readSet(folder, {split: undefined, purpose: 'pool', skip: () => null});
    return sameParts(await partsOf(rows), await partsOf(again.rows), to);
  });
  const fields = new Set(written.flatMap((row) => Object.keys(row.fields)));
  return {
    out,
    format: to,
    images: rows.length,
    captions: rows.reduce((sum, {captions}) => sum + captions.length, 0),
    parts,
    dropped: writer.drops.includes('fields') ? [...fields] : [],
  };
}

async function partsOf(rows: readonly SetRow[]): Promise<readonly WrittenPart[]> {
  const bySplit = new Map<string | null, SetRow[]>();
  for (const row of rows) {
    const part = bySplit.get(row.split);
    if (part === undefined) bySplit.set(row.split, [row]);
    else part.push(row);
  }
  const parts = [...bySplit].map(async ([split, part]) => {
    const captioned = part.map(({image, captions}) => ({image, captions}));
    const {fingerprint} = await hashedDataSet(captioned, '');
    const captions = part.reduce((sum, row) => sum + row.captions.length, 0);
    return {split, images: part.length, captions, fingerprint};
  });
  return Promise.all(parts);
}

/** A format that lost or mixed up something must not be mistaken for the set. */
function sameParts(
  before: readonly WrittenPart[],
  after: readonly WrittenPart[],
  format: string,
): readonly WrittenPart[] {
  for (const part of before) {
    const found = after.find(({split}) => split === part.split);
    if (found?.fingerprint !== part.fingerprint) {
      const got = found ? `${found.images} images and ${found.captions} captions` : 'none';
      throw new BugError(
        `${format}: expected to read ${part.images} images and ${part.captions} captions again, got ${got} or other ones`,
      );
    }
  }
  return before;
}
