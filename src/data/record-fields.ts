import type {ColumnKeys} from '../support/column-keys.js';
import {UserError, exitCodes} from '../support/errors.js';
import {nearestName} from '../support/nearest-name.js';
import {insidePath, printablePath} from './inside-path.js';
import {folderOfTable, splitOfTable, type Fields, type ReadContext, type SetRecord} from './layout.js';
import {canonicalSplit} from './splits.js';

/** Columns that may name the image; the first that is there counts. */
export const fileColumns = ['file', 'filename', 'file_name', 'image', 'path', 'filepath'] as const;

/** Columns that may hold captions; the first that is there counts, and `caption_1`, `caption_2`, ... add up. */
export const captionColumns = ['captions', 'caption', 'text'] as const;

/** open_clip's tables call the caption a title; elsewhere a title is a name and no caption. */
const openClipColumns = {image: 'filepath', caption: 'title'} as const;

const numberedCaption = /^captions?[ _]?\d+$/;

/** Where a row stands and what is read of it. */
export interface RowPlace {
  /** The table's path in its store. */
  readonly table: string;
  /** For messages: the table, with the line or row. */
  readonly where: string;
  readonly context: ReadContext;
  /** Whether paths may lead out of the folder of the table: only where the user names the table itself. */
  readonly anywhere: boolean;
}

/**
 * Makes sense of one row of a table.
 * @throws UserError (data) `<where>: <column>: expected ..., got ...`.
 */
export function recordOf(fields: Fields, place: RowPlace): SetRecord {
  const {context, table} = place;
  const fail = failureAt(place.where);
  const fileColumn = fileColumnOf(fields, context.keys);
  if (fileColumn === undefined) {
    throw fail(context.keys.image ?? 'file', `the image (${fileColumns.join(', ')})`, Object.keys(fields));
  }
  const file = fields[fileColumn];
  if (typeof file !== 'string' || file.trim() === '') throw fail(fileColumn, 'the path of an image', file);
  return {
    file: pathOf(file.trim(), place),
    captions: context.withText ? captionsOf(fields, context.keys, fail) : [],
    split: splitOf(fields, fail) ?? splitOfTable(table),
    fields: context.withText ? fields : {},
  };
}

/** The column that names the image, or undefined. */
export function fileColumnOf(fields: Fields, {image}: ColumnKeys): string | undefined {
  if (image !== undefined) return fields[image] === undefined ? undefined : image;
  return fileColumns.find((column) => fields[column] !== undefined);
}

/** The split a row names, canonical, or null. */
export function splitOf(fields: Fields, fail: Fail): string | null {
  const split = fields['split'];
  if (isAbsent(split)) return null;
  if (typeof split !== 'string') throw fail('split', 'a name', split);
  return canonicalSplit(split);
}

/** Makes an error about a column: `<where>: <column>: expected ..., got ...`. */
export type Fail = (column: string, expected: string, got: unknown) => UserError;

export function failureAt(where: string): Fail {
  return (column, expected, got) =>
    new UserError(`${where}: ${column}: expected ${expected}, got ${describe(got)}`, {exit: exitCodes.data});
}

/** The captions of a row, as written. */
export function captionsOf(fields: Fields, keys: ColumnKeys, fail: Fail): string[] {
  const main =
    keys.caption ??
    captionColumns.find((column) => !isAbsent(fields[column])) ??
    (fields[openClipColumns.image] === undefined ? undefined : openClipColumns.caption);
  const numbered =
    keys.caption === undefined ? Object.keys(fields).filter((c) => numberedCaption.test(c)) : [];
  return [...(main === undefined ? [] : [main]), ...numbered].flatMap((column) => {
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

/**
 * Makes sure that a table has the columns that the user names.
 * @throws UserError (data) with the columns that are there and the nearest of them.
 */
export function checkKeys(columns: readonly string[], {image, caption}: ColumnKeys, place: string): void {
  const asked = [
    ['--img-key', image],
    ['--caption-key', caption],
  ] as const;
  for (const [flag, key] of asked) {
    if (key === undefined || columns.includes(key)) continue;
    const nearest = nearestName(key, columns);
    throw new UserError(
      `${place}: ${flag}: expected a column of the table, got ${key} (it has ${columns.join(', ')})`,
      {
        exit: exitCodes.data,
        ...(nearest !== undefined && {tryThis: `${flag} ${nearest}`}),
      },
    );
  }
}

function pathOf(file: string, {table, where, anywhere}: RowPlace): string {
  const folder = folderOfTable(table);
  return folder + (anywhere ? printablePath(file, where) : insidePath(file, where));
}

/** Not written, or written as nothing: tables have no other way to leave a cell out. */
function isAbsent(value: unknown): value is undefined | null | '' {
  return value === undefined || value === null || value === '';
}

function describe(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
