import type {ColumnKeys} from '../../support/column-keys.js';
import type {SchemaTree} from 'hyparquet';
import {fileColumns} from '../record-fields.js';
import {brokenParquet, isText, leafColumn, type ParquetFile} from './parquet-file.js';

/** Columns of bytes that hold images, by the names that writers give them. */
const byteColumns = [
  'image',
  'img',
  'jpg',
  'jpeg',
  'png',
  'webp',
  'image_bytes',
  'bytes',
  'content',
] as const;

/**
 * The column of image bytes, as a path of names: the first struct with `bytes`, else bytes under a known name, or what the
 * user names. Null when images are named by their path.
 * @throws UserError (data) when there is neither.
 */
export function imageColumn(file: ParquetFile, {image}: ColumnKeys): readonly string[] | null {
  const isNamed = image !== undefined;
  const candidates = isNamed ? file.columns.filter(({element}) => element.name === image) : file.columns;
  const struct = candidates.find(({children}) => children.some(({element}) => element.name === 'bytes'));
  const path = struct && [struct.element.name, 'bytes'];
  if (path && leafColumn(file, path)) return path;
  const bytes = candidates.find((column) => isBytes(column) && (isNamed || isOneOf(column, byteColumns)));
  if (bytes) return [bytes.element.name];
  if (candidates.some((column) => isText(column) && (isNamed || isOneOf(column, fileColumns)))) return null;
  const expected = `a column of images ({bytes, path} or bytes) or of their paths (${fileColumns.join(', ')})`;
  throw brokenParquet(file.place, expected, file.columns.map(({element}) => element.name).join(', '));
}

/** The column of paths beside the bytes in a struct, or undefined. */
export function pathColumn(
  file: ParquetFile,
  [struct, inner]: readonly string[],
): readonly string[] | undefined {
  if (inner === undefined) return undefined;
  return leafColumn(file, [struct!, 'path']) === undefined ? undefined : [struct!, 'path'];
}

function isBytes(column: SchemaTree): boolean {
  return column.element.type === 'BYTE_ARRAY' && !isText(column);
}

function isOneOf({element}: SchemaTree, names: readonly string[]): boolean {
  return names.includes(element.name.toLowerCase());
}
