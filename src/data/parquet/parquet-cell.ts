import type {CompressionCodec, FieldRepetitionType, FileMetaData, SchemaElement} from 'hyparquet';

/** A range of a file. */
export interface ByteRange {
  readonly offset: number;
  readonly bytes: number;
}

/** A column of single values, which may lie inside a struct. */
export interface LeafColumn {
  /** Its name and those of the structs around it, from the outside. */
  readonly path: readonly string[];
  readonly repetition: readonly FieldRepetitionType[];
  readonly codec: CompressionCodec;
  readonly isText: boolean;
}

/** One value of a column of bytes: plain data, so that any thread can read it without the rest of the file. */
export interface ParquetCell {
  readonly column: LeafColumn;
  /** The page that holds it, with its header. */
  readonly page: ByteRange & {readonly rows: number};
  /** The values that the page points at, where it does. */
  readonly dictionary?: ByteRange;
  /** Its place in the page. */
  readonly row: number;
}

/**
 * Reads one value.
 * @param readRange reads bytes of the file
 */
export async function readParquetCell(
  {column, page, dictionary, row}: ParquetCell,
  readRange: (range: ByteRange) => Promise<Buffer>,
): Promise<Buffer> {
  const values = await readPageValues({column, page, dictionary, readRange});
  const value = values[row];
  if (!(value instanceof Uint8Array)) throw new Error(`no bytes in row ${row} of the page at ${page.offset}`);
  return Buffer.from(value);
}

/** The values of one page of a column: bytes, texts, or undefined where there is none. */
export async function readPageValues({
  column,
  page,
  dictionary,
  readRange,
}: Omit<ParquetCell, 'row' | 'dictionary'> & {
  readonly dictionary?: ByteRange | undefined;
  readonly readRange: (range: ByteRange) => Promise<Buffer>;
}): Promise<readonly unknown[]> {
  const pages = [...(dictionary ? [dictionary] : []), page];
  const contents = await Promise.all(pages.map(readRange));
  return decodeChunk(column, page.rows, {
    dictionaryBytes: dictionary?.bytes ?? 0,
    content: Buffer.concat(contents),
  });
}

/** A file begins with four bytes, and a column at 0 would look like none. */
const lead = 4;

/**
 * Decodes a column chunk, or single pages of one, by showing them to the library as a file of their own: with its
 * public interface it reads whole column chunks only, and a chunk may hold a thousand images.
 */
export async function decodeChunk(
  column: LeafColumn,
  rows: number,
  {content, dictionaryBytes}: {readonly content: Buffer; readonly dictionaryBytes: number},
): Promise<readonly unknown[]> {
  const {parquetRead} = await import('hyparquet');
  const {compressors} = await import('hyparquet-compressors');
  const file = Buffer.concat([Buffer.alloc(lead), content]);
  const values: unknown[] = [];
  await parquetRead({
    file: {byteLength: file.length, slice: (start, end) => bytesOf(file.subarray(start, end))},
    metadata: chunkMetadata(column, rows, {bytes: content.length, dictionaryBytes}),
    compressors,
    utf8: false,
    onChunk: ({columnData}) => {
      for (const value of columnData as ArrayLike<unknown> & Iterable<unknown>)
        values.push(unwrap(value, column));
    },
  });
  return values;
}

/** Bytes of their own: buffers of Node share memory. */
export function bytesOf(buffer: Buffer): ArrayBuffer {
  return buffer.buffer.slice(buffer.byteOffset, buffer.byteOffset + buffer.length) as ArrayBuffer;
}

/** The value inside its structs. */
function unwrap(value: unknown, {path}: LeafColumn): unknown {
  return path
    .slice(1)
    .reduce((inner, name) => (inner as Readonly<Record<string, unknown>> | null | undefined)?.[name], value);
}

function chunkMetadata(
  {path, repetition, codec, isText}: LeafColumn,
  rows: number,
  {bytes, dictionaryBytes}: {readonly bytes: number; readonly dictionaryBytes: number},
): FileMetaData {
  const schema = path.map((name, i): SchemaElement => {
    const element = {name, repetition_type: repetition[i]!};
    if (i + 1 < path.length) return {...element, num_children: 1};
    return {...element, type: 'BYTE_ARRAY', ...(isText && {converted_type: 'UTF8'})};
  });
  const count = BigInt(rows);
  const meta_data = {
    type: 'BYTE_ARRAY' as const,
    encodings: [],
    path_in_schema: [...path],
    codec,
    num_values: count,
    total_uncompressed_size: BigInt(bytes),
    total_compressed_size: BigInt(bytes),
    data_page_offset: BigInt(lead + dictionaryBytes),
    ...(dictionaryBytes > 0 && {dictionary_page_offset: BigInt(lead)}),
  };
  return {
    version: 2,
    schema: [{name: 'root', num_children: 1}, ...schema],
    num_rows: count,
    row_groups: [{columns: [{file_offset: 0n, meta_data}], total_byte_size: BigInt(bytes), num_rows: count}],
    metadata_length: 0,
  };
}
