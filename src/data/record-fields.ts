import {UserError, exitCodes} from '../support/errors.js';
import {insidePath} from './inside-path.js';
import type {Fields, SetRecord} from './layout.js';
import {canonicalSplit} from './splits.js';

/** Columns that may name the image; the first that is there counts. */
export const fileColumns = ['file', 'filename', 'file_name', 'image', 'path'] as const;

/** Columns that may hold captions; the first that is there counts, and `caption_1`, `caption_2`, ... add up. */
export const captionColumns = ['captions', 'caption', 'text'] as const;

const numberedCaption = /^captions?[ _]?\d+$/;

/**
 * Makes sense of one row of a table.
 * @throws UserError (data) `<place>: line <line>: <column>: expected ..., got ...`.
 */
export function recordOf(fields: Fields, place: string, line: number): SetRecord {
  const fail = (column: string, expected: string, got: unknown) =>
    new UserError(`${place}: line ${line}: ${column}: expected ${expected}, got ${describe(got)}`, {
      exit: exitCodes.data,
    });
  const fileColumn = fileColumns.find((column) => fields[column] !== undefined);
  if (fileColumn === undefined) {
    throw fail('file', `the image (${fileColumns.join(', ')})`, Object.keys(fields));
  }
  const file = fields[fileColumn];
  if (typeof file !== 'string' || file.trim() === '') throw fail(fileColumn, 'the path of an image', file);
  const split = fields['split'];
  if (!isAbsent(split) && typeof split !== 'string') throw fail('split', 'a name', split);
  return {
    file: insidePath(file.trim(), `${place}: line ${line}`),
    captions: captionsOf(fields, fail),
    split: isAbsent(split) ? null : canonicalSplit(split),
    fields,
  };
}

type Fail = (column: string, expected: string, got: unknown) => UserError;

function captionsOf(fields: Fields, fail: Fail): string[] {
  const main = captionColumns.find((column) => !isAbsent(fields[column]));
  const columns = [
    ...(main === undefined ? [] : [main]),
    ...Object.keys(fields).filter((column) => numberedCaption.test(column)),
  ];
  return columns.flatMap((column) => {
    const value = fields[column];
    if (isAbsent(value)) return [];
    if (typeof value === 'string') return [value];
    if (!Array.isArray(value)) throw fail(column, 'text or a list of texts', value);
    return value.map((caption: unknown) => {
      if (typeof caption !== 'string') throw fail(column, 'a list of texts', caption);
      return caption;
    });
  });
}

/** Not written, or written as nothing: tables have no other way to leave a cell out. */
function isAbsent(value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === '';
}

function describe(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
