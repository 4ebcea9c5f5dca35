import {createHash} from 'node:crypto';
import type {DataSet, ImageRow} from './rows.js';

/** What a fingerprint covers beside each image's id and length. */
export interface FingerprintedRow extends ImageRow {
  readonly captions?: readonly string[];
  readonly label?: string;
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
  for (const {image, captions = [], label} of rows) {
    // JSON keeps the parts apart, whatever they hold
    hash.update(
      `${JSON.stringify([image.id, image.bytes, captions, ...(label === undefined ? [] : [label])])}\n`,
    );
  }
  return hash.digest('hex');
}
