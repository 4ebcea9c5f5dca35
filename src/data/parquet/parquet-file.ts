import type {AsyncBuffer, ColumnMetaData, FileMetaData, SchemaTree} from 'hyparquet';
import {UserError, exitCodes} from '../../support/errors.js';
import {readAt} from '../file-part.js';
import type {StoredFile} from '../file-store.js';
import {bytesOf, type ByteRange, type LeafColumn} from './parquet-cell.js';

/** An open parquet file: what its footer says, and a way to its bytes. */
export interface ParquetFile {
  /** For messages: where a person finds it. */
  readonly place: string;
  readonly metadata: FileMetaData;
  readonly columns: readonly SchemaTree[];
  readonly buffer: AsyncBuffer;
  /** What the buffer could not read, if there was such a thing. */
  readonly failure: () => unknown;
  /** Where the file begins in `path`. */
  readonly start: number;
  readonly readRange: (range: ByteRange) => Promise<Buffer>;
}

/**
 * Reads the footer of a parquet file.
 * @throws UserError (data) when it is none, or cut short.
 */
export async function openParquet({bytes, part}: StoredFile, place: string): Promise<ParquetFile> {
  if (part.entry?.deflated !== undefined) {
    throw brokenParquet(place, 'a parquet file that is stored as it is', 'a compressed one in an archive');
  }
  const start = part.entry?.offset ?? 0;
  const readRange = async (range: ByteRange) => {
    const content = await readAt(part.path, start + range.offset, range.bytes);
    if (content.length === range.bytes) return content;
    throw brokenParquet(
      place,
      `${range.bytes} bytes at ${range.offset}`,
      `${content.length}: has it changed?`,
    );
  };
  const {buffer, failure} = forLibrary(bytes, readRange);
  const {parquetMetadataAsync, parquetSchema} = await import('hyparquet');
  return asParquet({place, failure}, async () => {
    const metadata = await parquetMetadataAsync(buffer);
    checkColumns(parquetSchema(metadata), metadata);
    return {place, metadata, columns: parquetSchema(metadata).children, buffer, failure, start, readRange};
  });
}

/**
 * Bytes for the library. It reads several ranges at once and forgets the others when one fails, and a promise that is
 * rejected with no one waiting ends the process: what fails is kept, and zeros are given instead.
 */
function forLibrary(bytes: number, readRange: ParquetFile['readRange']) {
  let failure: unknown;
  const buffer: AsyncBuffer = {
    byteLength: bytes,
    slice: async (from, to = bytes) => {
      const length = Math.max(0, Math.min(to - from, bytes));
      try {
        return bytesOf(await readRange({offset: from, bytes: to - from}));
      } catch (error) {
        failure ??= error;
        return new ArrayBuffer(length);
      }
    },
  };
  return {buffer, failure: () => failure};
}

/** Columns that the schema does not know would be read by the library and then lost, their faults too. */
function checkColumns(schema: SchemaTree, {row_groups}: FileMetaData): void {
  const expected = leafPaths(schema).join('\n');
  row_groups.forEach(({columns}, group) => {
    const got = columns.map(({meta_data}) => meta_data?.path_in_schema.join('.')).join('\n');
    if (got !== expected) throw new Error(`other columns in row group ${group} than in its schema`);
  });
}

function leafPaths({children, path}: SchemaTree): readonly string[] {
  return children.length === 0 ? [path.join('.')] : children.flatMap(leafPaths);
}

/** Runs what the library does; what it throws is about the file. */
export async function asParquet<T>(
  {place, failure}: Pick<ParquetFile, 'place' | 'failure'>,
  work: () => Promise<T>,
): Promise<T> {
  try {
    const result = await work();
    if (failure() === undefined) return result;
    throw failure();
  } catch (thrown) {
    const error = failure() ?? thrown;
    if (error instanceof UserError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw brokenParquet(place, 'a whole parquet file', reason.replace(/^parquet (file )?/, ''), error);
  }
}

export function brokenParquet(place: string, expected: string, got: string, cause?: unknown): UserError {
  return new UserError(`${place}: expected ${expected}, got ${got}`, {exit: exitCodes.data, cause});
}

/** The column of single values at a path of names, or undefined. */
export function leafColumn(
  file: ParquetFile,
  path: readonly string[],
): Omit<LeafColumn, 'codec'> | undefined {
  const nodes: SchemaTree[] = [];
  let children = file.columns;
  for (const name of path) {
    const node = children.find(({element}) => element.name === name);
    if (node === undefined) return undefined;
    nodes.push(node);
    children = node.children;
  }
  const last = nodes.at(-1);
  if (last?.element.type !== 'BYTE_ARRAY') return undefined;
  const repetition = nodes.map(({element}) => element.repetition_type ?? 'REQUIRED');
  return repetition.includes('REPEATED') ? undefined : {path, repetition, isText: isText(last)};
}

/** Whether a column of bytes holds text. */
export function isText({element}: SchemaTree): boolean {
  return element.converted_type === 'UTF8' || element.logical_type?.type === 'STRING';
}

/** Where a column lies in each group of rows, and how many rows that is. */
export function chunksOf(
  {metadata, place}: ParquetFile,
  path: readonly string[],
): readonly {readonly rows: number; readonly meta: ColumnMetaData; readonly range: ByteRange}[] {
  return metadata.row_groups.map(({columns, num_rows}, group) => {
    const meta = columns.find(
      ({meta_data}) => meta_data?.path_in_schema.join('\n') === path.join('\n'),
    )?.meta_data;
    if (meta === undefined) {
      throw brokenParquet(place, `column ${path.join('.')} in every row group`, `none in row group ${group}`);
    }
    const offset = Number(meta.dictionary_page_offset || meta.data_page_offset);
    return {rows: Number(num_rows), meta, range: {offset, bytes: Number(meta.total_compressed_size)}};
  });
}
