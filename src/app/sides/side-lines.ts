import {jsonObject} from '../../data/json-object.js';
import {utf8Lines} from '../../data/utf8-text.js';
import {exitCodes, UserError} from '../../support/errors.js';
import type {SideTable} from './side-table.js';

interface Line {
  readonly id: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
  readonly text: string | undefined;
}

/**
 * Entries in a file with a JSON object a line: `image` (its id), the numbers as lists, and `tags`, a text or a list of them.
 * Lists of several rows (the regions of an image) may differ in length from line to line: of those the mean row is the entry.
 * The whole file is held in memory.
 * @throws UserError (data) with the line of the first fault
 */
export async function openSideLines(path: string, array: string): Promise<SideTable> {
  const lines: Line[] = [];
  for await (const {text, line} of utf8Lines({path}, path)) {
    if (text.trim() !== '') lines.push(entryOf(text, `${path}: line ${line}`, array));
  }
  const [first] = lines;
  if (first === undefined) throw invalid(path, 'a JSON object a line', 'an empty file');
  const other = lines.findIndex(({shape}) => shape.join() !== first.shape.join());
  if (other >= 0) {
    const [wanted, got] = [first, lines[other]!].map(({shape}) => `[${shape.join(', ')}]`);
    throw invalid(`${path}: ${lines[other]!.id}`, `${array} of shape ${wanted!} as in the first line`, got!);
  }
  const texts = lines.flatMap(({text}) => (text === undefined ? [] : [text]));
  if (texts.length > 0 && texts.length < lines.length) {
    const {id} = lines.find(({text}) => text === undefined)!;
    throw invalid(`${path}: ${id}`, 'tags as in other lines', 'none');
  }
  return {
    path,
    ids: lines.map(({id}) => id),
    shape: first.shape,
    texts: texts.length > 0 ? texts : null,
    read: (entry) => Promise.resolve(lines[entry]!.values),
    close: () => Promise.resolve(),
  };
}

function entryOf(text: string, where: string, array: string): Line {
  const {image, tags, [array]: numbers} = jsonObject(text, where);
  if (typeof image !== 'string')
    throw invalid(where, 'the id of an image under image', JSON.stringify(image));
  const rows = rowsOf(numbers);
  if (rows === undefined)
    throw invalid(where, `a list of numbers, or of such lists, under ${array}`, 'something else');
  return {id: image, shape: [rows[0]!.length], values: meanRow(rows), text: textOf(tags, where)};
}

/** Rows of equal length; undefined for anything else. */
function rowsOf(value: unknown): readonly (readonly number[])[] | undefined {
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const rows: readonly unknown[] = value.every((one) => typeof one === 'number') ? [value] : value;
  const isRow = (row: unknown): row is readonly number[] =>
    Array.isArray(row) && row.length > 0 && row.every((one) => Number.isFinite(one));
  if (!rows.every(isRow)) return undefined;
  return rows.every((row) => row.length === rows[0]!.length) ? rows : undefined;
}

function meanRow(rows: readonly (readonly number[])[]): Float32Array {
  const {length} = rows[0]!;
  return Float32Array.from({length}, (_, j) => rows.reduce((sum, row) => sum + row[j]!, 0) / rows.length);
}

function textOf(tags: unknown, where: string): string | undefined {
  if (tags === undefined) return undefined;
  const list: readonly unknown[] = Array.isArray(tags) ? tags : [tags];
  const isText = (tag: unknown): tag is string => typeof tag === 'string' && tag.trim() !== '';
  if (list.length > 0 && list.every(isText)) return list.join(', ');
  throw invalid(where, 'a text or a list of texts under tags', JSON.stringify(tags));
}

function invalid(where: string, expected: string, got: string): UserError {
  return new UserError(`${where}: expected ${expected}, got ${got}`, {exit: exitCodes.data});
}
