import {domainOf} from '../../data/domain-data.js';
import {findWriter} from '../../data/find-writer.js';
import {readSet, type SetRow} from '../../data/read-set.js';
import {readSource} from '../../data/read-source.js';
import {refuseContent} from '../../support/atomic-folder.js';
import {splitKeys, withKeys, type ColumnKeys} from '../../support/column-keys.js';
import {exitCodes, UserError} from '../../support/errors.js';
import {dataReference} from '../data-reference.js';
import {emitted} from '../emitted.js';
import {writeSet, type WrittenSet} from './write-set.js';

export interface ConvertRequest {
  /** A set in any format; `PATH#split` takes one split of it. */
  readonly from: string;
  readonly to: string;
  readonly out: string;
  readonly split?: string | undefined;
  readonly keys: ColumnKeys;
  readonly shardRows: number;
  /** A published set whose files lie in the folder `from`, as its authors hand them out. */
  readonly source?: string | undefined;
  /** Whether missing images of a published set are left out. */
  readonly skipMissing?: boolean;
  /** Captions are cut to so many characters. */
  readonly maxChars?: number | undefined;
}

export type ConvertEvent = WritingProgress | {readonly type: 'notice'; readonly message: string};

/** How far the writing is. */
export interface WritingProgress {
  readonly type: 'progress';
  readonly what: 'images';
  readonly done: number;
  readonly total: number;
}

/**
 * Writes a set in another format: all splits, or one. Images are copied as they are.
 * @throws UserError when the set cannot be read or the format cannot hold it
 */
export async function* convertSet(request: ConvertRequest): AsyncGenerator<ConvertEvent, WrittenSet> {
  const {from, to, out, shardRows} = request;
  await findWriter(to);
  await refuseContent(out);
  const notices: string[] = [];
  const {rows, keys} =
    request.source === undefined
      ? await openForWriting(request)
      : {rows: await sourceRows(request, (message) => notices.push(message)), keys: {}};
  for (const message of notices) yield {type: 'notice', message};
  if (rows.length === 0) throw new UserError(`${from}: expected images, got none`, {exit: exitCodes.data});
  return yield* writtenWithProgress(rows.length, (onRow) =>
    writeSet({rows: cut(rows, request.maxChars), keys, to, out, shardRows}, onRow),
  );
}

async function sourceRows(
  {from, split, source, skipMissing = false}: ConvertRequest,
  onNotice: (message: string) => void,
): Promise<readonly SetRow[]> {
  const reference = dataReference(from, split);
  const onMissing = skipMissing ? onNotice : undefined;
  return (await readSource(reference.path, {source: source!, split: reference.split, onMissing})).rows;
}

/** Captions up to a number of characters (code points, as Python counts). */
function cut(rows: readonly SetRow[], maxChars: number | undefined): readonly SetRow[] {
  if (maxChars === undefined) return rows;
  return rows.map((row) => ({
    ...row,
    captions: row.captions.map((caption) => [...caption].slice(0, maxChars).join('')),
  }));
}

/** All rows of a set, whatever they lack. */
export async function openForWriting({from, split, keys}: Pick<ConvertRequest, 'from' | 'split' | 'keys'>) {
  const reference = dataReference(from, split);
  if (domainOf(reference.path) !== null) {
    throw new UserError(`${from}: expected a set on disk, got the data that a domain makes`);
  }
  const path = withKeys(reference.path, keys);
  const chosen = reference.split ?? undefined;
  const {rows} = await readSet(path, {split: chosen, purpose: 'pool', skip: () => null});
  return {rows, keys: splitKeys(path).keys};
}

/** Does the writing; yields after each image. */
export function writtenWithProgress<T>(
  total: number,
  write: (onRow: () => void) => Promise<T>,
): AsyncGenerator<WritingProgress, T> {
  return emitted<WritingProgress, T>((emit) => {
    let done = 0;
    return write(() => emit({type: 'progress', what: 'images', done: ++done, total}));
  });
}
