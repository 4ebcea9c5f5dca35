import {cleanRows, type FilterCount} from '../../data/clean/clean-rows.js';
import {chosenFilters, filipFilters} from '../../data/clean/filter-names.js';
import {findWriter} from '../../data/find-writer.js';
import type {SetRow} from '../../data/read-set.js';
import {refuseContent} from '../../support/atomic-folder.js';
import {exitCodes, UserError} from '../../support/errors.js';
import {openForWriting, writtenWithProgress, type ConvertRequest, type WritingProgress} from './convert.js';
import {refuseTable, writeTable} from './row-table.js';
import {writeSet} from './write-set.js';

export interface CleanRequest extends Pick<ConvertRequest, 'from' | 'split' | 'keys' | 'shardRows'> {
  /** Filters by name, each with its threshold: `short-side=128`. */
  readonly filters: readonly string[];
  /** Whether all of FILIP's rules are applied. */
  readonly filip: boolean;
  /** A format for a folder with copies of the images; undefined: a table that names them where they lie. */
  readonly to: string | undefined;
  /** Undefined: nothing is written, only counted. */
  readonly out: string | undefined;
}

/** What became of a set. */
export interface CleanReport {
  readonly version: 1;
  readonly from: string;
  readonly before: {readonly images: number; readonly captions: number};
  readonly after: {readonly images: number; readonly captions: number};
  readonly filters: readonly FilterCount[];
  /** What was written; null: nothing. */
  readonly out: string | null;
}

/**
 * Applies filters to a set and writes what is kept as a new one, or a list of it. The set itself is never changed.
 * @throws UserError when no filter is asked for, nothing is kept, or the result cannot be written
 */
export async function* cleanSet(request: CleanRequest): AsyncGenerator<WritingProgress, CleanReport> {
  const {from, to, out, shardRows} = request;
  const filters = chosenFilters(request.filters, request.filip ? filipFilters() : {});
  if (Object.keys(filters).length === 0) {
    throw new UserError('data clean: expected --filip or at least one --filter, got none', {
      tryThis: '--filter tidy --filter short-side=200',
    });
  }
  await refuseOut(to, out);
  const {rows, keys} = await openForWriting(request);
  const {rows: kept, counts} = yield* writtenWithProgress(rows.length, (onRow) =>
    cleanRows(rows, filters, onRow),
  );
  if (kept.length === 0) {
    throw new UserError(`${from}: expected to keep images, got none of ${rows.length}`, {
      exit: exitCodes.data,
      tryThis: 'a lower threshold; without --out the counts say which filter left most out',
    });
  }
  if (out !== undefined && to === undefined) await writeTable(kept, out);
  if (out !== undefined && to !== undefined) {
    yield* writtenWithProgress(kept.length, (onRow) =>
      writeSet({rows: kept, keys, to, out, shardRows}, onRow),
    );
  }
  return {
    version: 1,
    from,
    before: sizeOf(rows),
    after: sizeOf(kept),
    filters: counts,
    out: out ?? null,
  };
}

async function refuseOut(to: string | undefined, out: string | undefined): Promise<void> {
  if (out === undefined) {
    if (to === undefined) return;
    throw new UserError('data clean: expected --out FOLDER beside --to, got none');
  }
  if (to === undefined) return refuseTable(out);
  await findWriter(to);
  await refuseContent(out);
}

function sizeOf(rows: readonly SetRow[]): CleanReport['before'] {
  return {images: rows.length, captions: rows.reduce((sum, {captions}) => sum + captions.length, 0)};
}
