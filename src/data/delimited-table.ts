import {pipeline} from 'node:stream/promises';
import {Readable} from 'node:stream';
import {CsvError, parse} from 'csv-parse';
import {UserError, exitCodes} from '../support/errors.js';
import type {FileStore} from './file-store.js';
import {otherBytes, rowOrFault, type FaultTold} from './layout.js';
import type {Fields, ReadContext, SetRecord} from './layout.js';
import {captionColumns, checkKeys, fileColumns, recordOf} from './record-fields.js';
import {storedTable} from './stored-table.js';
import {utf8Pieces} from './utf8-text.js';

interface Line {
  readonly record: readonly string[];
  readonly info: {readonly lines: number};
}

/** What separates cells; `auto` is a tab where the header line has one, else a comma. */
export type Delimiter = ',' | '\t' | 'auto';

/**
 * Reads a table with a header line, row by row. Every line has as many cells as the header; a cell with the delimiter,
 * a quote or a line break is quoted, with quotes doubled inside (RFC 4180).
 */
export async function* delimitedTable(
  store: FileStore,
  table: string,
  {delimiter, context}: {readonly delimiter: Delimiter; readonly context: ReadContext},
): AsyncGenerator<SetRecord> {
  const {part, place} = await storedTable(store, table);
  const keys = {image: columnName(context.keys.image), caption: columnName(context.keys.caption)};
  let columns: readonly string[] | undefined;
  const pieces = utf8Pieces(part, place, otherBytes(context));
  for await (const {record, info} of parsedLines(pieces, {delimiter, place, ...context})) {
    if (columns === undefined) {
      columns = columnsOf(record, keys, place);
      continue;
    }
    const row = {table, where: `${place}: line ${info.lines}`, context: {...context, keys}};
    yield* rowOrFault(context, () =>
      recordOf(fieldsOf(columns!, record), {...row, anywhere: store.table !== null}),
    );
  }
  if (columns === undefined) columnsOf([], keys, place);
}

/** What csv-parse's errors mean to the person who made the table. */
const faults: Readonly<Record<string, readonly [expected: string, got: string]>> = {
  CSV_RECORD_INCONSISTENT_FIELDS_LENGTH: ['as many cells as the header line', 'another number'],
  INVALID_OPENING_QUOTE: ['quotes around whole cells, doubled inside', 'a quote within a cell'],
  CSV_INVALID_CLOSING_QUOTE: ['quotes around whole cells, doubled inside', 'text after a closing quote'],
  CSV_QUOTE_NOT_CLOSED: ['a closing quote', 'the end of the file'],
};

/** A line that never ends would be kept in memory as a whole. */
const longestRecord = 64 * 1024 ** 2;

async function* parsedLines(
  pieces: AsyncGenerator<string>,
  {delimiter, place, onFault}: FaultTold & {readonly delimiter: Delimiter; readonly place: string},
): AsyncGenerator<Line> {
  const first = await pieces.next();
  if (first.done) return;
  const parser = parse({
    delimiter: delimiter === 'auto' ? delimiterOf(first.value) : delimiter,
    info: true,
    skip_empty_lines: true,
    max_record_size: longestRecord,
    ...(onFault !== undefined && {
      skip_records_with_error: true,
      on_skip: (error: CsvError | undefined) => {
        if (error !== undefined) onFault(explained(error, place));
      },
    }),
  });
  const fed = pipeline(Readable.from(startingWith(first.value, pieces)), parser);
  // what breaks it is met where the lines are read
  fed.catch(() => undefined);
  try {
    yield* parser as AsyncIterable<Line>;
  } catch (error) {
    throw error instanceof CsvError ? explained(error, place) : error;
  }
}

function explained(error: CsvError, place: string): UserError {
  const [expected, got] = faults[error.code] ?? ['a well-formed table', error.message];
  return new UserError(`${place}: line ${Number(error['lines'])}: expected ${expected}, got ${got}`, {
    exit: exitCodes.data,
    cause: error,
  });
}

async function* startingWith(first: string, others: AsyncGenerator<string>): AsyncGenerator<string> {
  yield first;
  yield* others;
}

function delimiterOf(text: string): ',' | '\t' {
  return text.split('\n', 1)[0]!.includes('\t') ? '\t' : ',';
}

function columnName(written: string): string;
function columnName(written: string | undefined): string | undefined;
function columnName(written: string | undefined): string | undefined {
  return written?.trim().toLowerCase();
}

function columnsOf(header: readonly string[], keys: ReadContext['keys'], place: string): readonly string[] {
  const columns = header.map((name) => columnName(name));
  const failed = (expected: string, got: string) =>
    new UserError(`${place}: expected ${expected}, got ${got}`, {exit: exitCodes.data});
  checkKeys(columns, keys, place);
  if (keys.image === undefined && !fileColumns.some((name) => columns.includes(name))) {
    const expected = `a header line with a column ${fileColumns.join(', ')} (and ${captionColumns.join(', ')})`;
    if (header.length === 0) throw failed(expected, 'an empty file');
    throw new UserError(`${place}: expected ${expected}, got ${header.join(', ')}`, {
      exit: exitCodes.data,
      tryThis: 'name the columns that you have: --img-key COLUMN --caption-key COLUMN',
    });
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
