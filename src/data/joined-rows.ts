import {UserError, exitCodes} from '../support/errors.js';
import {lazyArray} from './lazy-array.js';
import type {LocatedRow} from './located-rows.js';
import type {Spool} from './spool.js';

/** What later rows say of images whose rows lie in the file already. */
export type Additions = Map<number, Pick<LocatedRow, 'captions' | 'blankCaptions'>>;

/**
 * Adds the captions of a row to those of an earlier one about the same image.
 * @throws UserError (data) when they tell of two images or splits
 */
export function joinRow(
  rows: Spool<LocatedRow>,
  number: number,
  again: LocatedRow,
  {path, additions}: {readonly path: string; readonly additions: Additions},
): void {
  const known = rows.at(number);
  const fail = (expected: string, got: string) =>
    new UserError(`${path}: ${again.id}: expected ${expected}, got ${got}`, {exit: exitCodes.data});
  if (known.file !== again.file) throw fail('one image of this name', `${known.file} and ${again.file}`);
  if (known.split !== again.split) {
    throw fail('one split an image', `${known.split ?? 'none'} and ${again.split ?? 'none'}`);
  }
  const [bytes, others] = [known.found?.bytes, again.found?.bytes];
  if (bytes !== others) throw fail('one image of this name', `two, of ${bytes} and ${others} bytes`);
  const {captions, blankCaptions = 0} = again;
  if (captions.length + blankCaptions === 0) return;
  const row = rows.isInMemory(number) ? known : (additions.get(number) ?? {captions: []});
  row.captions.push(...captions);
  if (blankCaptions > 0) row.blankCaptions = (row.blankCaptions ?? 0) + blankCaptions;
  if (row !== known) additions.set(number, row);
}

/** Rows with what was added to them. */
export function withAdditions(rows: readonly LocatedRow[], additions: Additions): readonly LocatedRow[] {
  if (additions.size === 0) return rows;
  return lazyArray(rows.length, (number) => {
    const row = rows[number]!;
    const more = additions.get(number);
    if (more === undefined) return row;
    const blankCaptions = (row.blankCaptions ?? 0) + (more.blankCaptions ?? 0);
    return {
      ...row,
      captions: [...row.captions, ...more.captions],
      ...(blankCaptions > 0 && {blankCaptions}),
    };
  });
}
