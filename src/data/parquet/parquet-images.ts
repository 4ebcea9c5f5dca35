import {deserializeTCompactProtocol} from 'hyparquet/src/thrift.js';
import {largestFileBytes} from '../file-part.js';
import type {ByteRange, LeafColumn, ParquetCell} from './parquet-cell.js';
import {readPageValues} from './parquet-cell.js';
import {asParquet, brokenParquet, chunksOf, leafColumn, type ParquetFile} from './parquet-file.js';

/** An image in a column of bytes. */
export interface CellImage {
  readonly cell: ParquetCell;
  readonly bytes: number;
}

/**
 * The images of a column in order of the rows, null where a row has none: each page is read once, its values are measured,
 * and what is kept of each is where it lies.
 */
export async function* parquetImages(
  file: ParquetFile,
  path: readonly string[],
): AsyncGenerator<CellImage | null> {
  for await (const {column, page, dictionary} of columnPages(file, path)) {
    const values = await asParquet(file, () =>
      readPageValues({column, page, dictionary, readRange: file.readRange}),
    );
    for (const [row, value] of values.entries()) {
      if (!(value instanceof Uint8Array)) {
        yield null;
        continue;
      }
      const cell = {
        column,
        page: placed(file, page),
        ...(dictionary && {dictionary: placed(file, dictionary)}),
        row,
      };
      yield {cell, bytes: value.length};
    }
  }
}

/** A range of the parquet file as one of the file that holds it: an archive, perhaps. */
function placed<R extends ByteRange>({start}: ParquetFile, range: R): R {
  return {...range, offset: start + range.offset};
}

interface ColumnPage {
  readonly column: LeafColumn;
  readonly page: ByteRange & {readonly rows: number};
  readonly dictionary: ByteRange | undefined;
}

/** The data pages of a column, from one page header to the next. */
async function* columnPages(file: ParquetFile, path: readonly string[]): AsyncGenerator<ColumnPage> {
  const leaf = leafColumn(file, path)!;
  for (const {meta, range, rows} of chunksOf(file, path)) {
    const column: LeafColumn = {...leaf, codec: meta.codec};
    const end = range.offset + range.bytes;
    let dictionary: ByteRange | undefined;
    let seen = 0;
    for (let offset = range.offset; offset < end && seen < rows;) {
      const header = await pageHeader(file, offset, end);
      const page = {offset, bytes: header.bytes};
      if (header.kind === 'dictionary') dictionary = page;
      else if (header.kind === 'data') {
        yield {column, page: {...page, rows: header.rows}, dictionary};
        seen += header.rows;
      }
      offset += header.bytes;
    }
    if (seen !== rows) throw brokenParquet(file.place, `${rows} rows in ${path.join('.')}`, `${seen}`);
  }
}

interface PageHeader {
  readonly kind: 'data' | 'dictionary' | 'other';
  /** With the header itself. */
  readonly bytes: number;
  readonly rows: number;
}

/** Numbers of the format: parquet.thrift, PageType. */
const pageKinds: Readonly<Record<number, PageHeader['kind']>> = {0: 'data', 2: 'dictionary', 3: 'data'};

/** Headers are tens of bytes, unless they hold the smallest and the largest value. */
const firstHeaderBytes = 512;

async function pageHeader(file: ParquetFile, offset: number, end: number): Promise<PageHeader> {
  for (let bytes = firstHeaderBytes; ; bytes *= 8) {
    const content = await file.readRange({offset, bytes: Math.min(bytes, end - offset)});
    const header = parsedHeader(content);
    if (header !== undefined && offset + header.bytes <= end) return header;
    if (bytes >= end - offset) throw brokenParquet(file.place, `a page at ${offset}`, 'other bytes');
  }
}

/** A header that is whole, or undefined. */
function parsedHeader(content: Buffer): PageHeader | undefined {
  const reader = {view: new DataView(content.buffer, content.byteOffset, content.length), offset: 0};
  try {
    const fields = deserializeTCompactProtocol(reader) as Readonly<Record<string, unknown>>;
    const counts = (fields['field_5'] ?? fields['field_8']) as Readonly<Record<string, unknown>> | undefined;
    const [unpacked, size] = [fields['field_2'], fields['field_3']];
    if (typeof size !== 'number' || size < 0) return undefined;
    if (typeof unpacked !== 'number' || unpacked < 0 || unpacked > largestFileBytes) return undefined;
    const rows = Number(counts?.['field_1'] ?? 0);
    return {kind: pageKinds[Number(fields['field_1'])] ?? 'other', bytes: reader.offset + size, rows};
  } catch {
    // it goes on behind what was read
    return undefined;
  }
}
