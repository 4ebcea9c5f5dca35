import {CsvError, parse} from 'csv-parse/sync';
import {UserError, exitCodes} from '../support/errors.js';
import type {FileStore} from './file-store.js';
import type {Fields, SetRecords} from './layout.js';
import {captionColumns, fileColumns, recordOf} from './record-fields.js';
import {utf8Text} from './utf8-text.js';

interface Line {
  readonly record: readonly string[];
  readonly info: {readonly lines: number};
}

/**
 * Reads a table with a header line. Every line has as many cells as the header; a cell with the delimiter, a
 * quote or a line break is quoted, with quotes doubled inside (RFC 4180).
 */
export async function delimitedTable(
  store: FileStore,
  table: string,
  delimiter: string,
): Promise<SetRecords> {
  const place = store.place(table);
  const [header, ...lines] = parseLines(utf8Text(await store.read(table), place), delimiter, place);
  const columns = columnsOf(header?.record ?? [], place);
  const records = lines.map(({record, info}) => recordOf(fieldsOf(columns, record), place, info.lines));
  return {records, skipped: {}};
}

/** What csv-parse's errors mean to the person who made the table. */
const faults: Readonly<Record<string, readonly [expected: string, got: string]>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: ['as many cells as the header line', 'another number'],
  INVALID_OPENING_QUOTE: ['quotes around whole cells, doubled inside', 'a quote within a cell'],
  CSV_INVALID_CLOSING_QUOTE: ['quotes around whole cells, doubled inside', 'text after a closing quote'],
  CSV_QUOTE_NOT_CLOSED: ['a closing quote', 'the end of the file'],
};

function parseLines(text: string, delimiter: string, place: string): readonly Line[] {
  try {
    return parse(text, {delimiter, info: true, skip_empty_lines: true}) as unknown as Line[];
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const [expected, got] = faults[error.code] ?? ['a well-formed table', error.message];
    throw new UserError(`${place}: line ${Number(error['lines'])}: expected ${expected}, got ${got}`, {
      exit: exitCodes.data,
      cause: error,
    });
  }
}

function columnsOf(header: readonly string[], place: string): readonly string[] {
  const columns = header.map((name) => name.trim().toLowerCase());
  const failed = (expected: string, got: string) =>
    new UserError(`${place}: expected ${expected}, got ${got}`, {exit: exitCodes.data});
  if (!fileColumns.some((name) => columns.includes(name))) {
    const expected = `a header line with a column ${fileColumns.join(', ')} (and ${captionColumns.join(', ')})`;
    throw failed(expected, header.length === 0 ? 'an empty file' : header.join(', '));
  }
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined) throw failed('different names in the header line', `${twice} twice`);
  return columns;
}

function fieldsOf(columns: readonly string[], cells: readonly string[]): Fields {
  const fields: Record<string, unknown> = {};
  columns.forEach((column, i) => {
    fields[column] = column === 'captions' ? listOrText(cells[i]!) : cells[i]!;
  });
  return fields;
}

/** A cell has no lists of its own: one that holds a JSON list of texts is read as the list. */
function listOrText(cell: string): unknown {
  if (!cell.startsWith('[')) return cell;
  try {
    const value: unknown = JSON.parse(cell);
    return Array.isArray(value) && value.every((entry) => typeof entry === 'string') ? value : cell;
  } catch {
    return cell;
  }
}
