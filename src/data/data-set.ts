import {createHash, type Hash} from 'node:crypto';
import {partReader} from './part-reader.js';
import type {DataSet, ImageRow} from './rows.js';

/** What a fingerprint covers beside each image's id and length. */
export interface FingerprintedRow extends ImageRow {
  readonly captions?: readonly string[];
  readonly label?: string;
}

/**
 * What is read of a set to be hashed, at most: a matter of seconds. A larger set is known by the names and lengths of its
 * images.
 */
const mostHashed = {bytes: 4 * 1024 ** 3, images: 100_000};

/**
 * A set of rows under the fingerprint of what they hold: the bytes of the images, the captions and the labels, in order.
 * Names and containers do not matter, so that the same set in another format is the same set.
 */
export async function hashedDataSet<R extends FingerprintedRow>(
  rows: readonly R[],
  origin: string,
  skipped: Readonly<Record<string, number>> = {},
  most = mostHashed,
): Promise<DataSet<R>> {
  if (!isWithin(rows, most)) return dataSet(rows, origin, skipped);
  return {rows, origin, skipped, fingerprint: await contentFingerprint(rows)};
}

function isWithin(rows: readonly ImageRow[], most: typeof mostHashed): boolean {
  if (rows.length > most.images) return false;
  let bytes = 0;
  for (const {image} of rows) bytes += image.bytes;
  return bytes <= most.bytes;
}

/** A set of rows under the fingerprint of their ids, lengths, captions and labels, in order. */
export function dataSet<R extends FingerprintedRow>(
  rows: readonly R[],
  origin: string,
  skipped: Readonly<Record<string, number>> = {},
): DataSet<R> {
  return {rows, origin, skipped, fingerprint: fingerprint(rows)};
}

function fingerprint(rows: readonly FingerprintedRow[]): string {
  const hash = createHash('sha256');
  for (const row of rows) addRow(hash, [row.image.id, row.image.bytes], row);
  return hash.digest('hex');
}

/** Read at a time: enough to hide a network disk's delay. */
const readsAtATime = 8;

async function contentFingerprint(rows: readonly FingerprintedRow[]): Promise<string> {
  const hash = createHash('sha256');
  const read = partReader();
  for (let start = 0; start < rows.length; start += readsAtATime) {
    const some = rows.slice(start, start + readsAtATime);
    const digests = await Promise.all(
      some.map(async ({image}) =>
        createHash('sha256')
          .update(image.part === undefined ? await image.read() : await read(image.part))
          .digest('hex'),
      ),
    );
    some.forEach((row, i) => addRow(hash, [digests[i]!], row));
  }
  return hash.digest('hex');
}

/** JSON keeps the parts apart, whatever they hold. */
function addRow(
  hash: Hash,
  image: readonly (string | number)[],
  {captions = [], label}: FingerprintedRow,
): void {
  hash.update(`${JSON.stringify([...image, captions, ...(label === undefined ? [] : [label])])}\n`);
}
