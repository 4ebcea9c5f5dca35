import type {SchemaTree} from 'hyparquet';
import type {Fields} from '../layout.js';
import {asParquet, type ParquetFile} from './parquet-file.js';

/** Rows that are read together: a group of rows may hold a million. */
const rowsAtATime = 16_384;

/** The values of some columns row by row, as plain data; labels that the file has names for are named. */
export async function* parquetRows(file: ParquetFile, columns: readonly string[]): AsyncGenerator<Fields> {
  const {parquetReadObjects} = await import('hyparquet');
  const {compressors} = await import('hyparquet-compressors');
  const {buffer, metadata} = file;
  const total = Number(metadata.num_rows);
  const names = labelNames(file);
  for (let rowStart = 0; rowStart < total; rowStart += rowsAtATime) {
    const rowEnd = Math.min(rowStart + rowsAtATime, total);
    if (columns.length === 0) {
      for (let row = rowStart; row < rowEnd; row++) yield {};
      continue;
    }
    const rows = await asParquet(file, () =>
      parquetReadObjects({
        file: buffer,
        metadata,
        columns: [...columns],
        rowStart,
        rowEnd,
        compressors,
        useOffsetIndex: true,
      }),
    );
    for (const row of rows) yield plainFields(row, names);
  }
}

/** Columns that hold text, numbers or lists of them: what a row says about its image. */
export function describingColumns({columns}: ParquetFile): readonly string[] {
  return columns.filter((column) => !holdsBytes(column)).map(({element}) => element.name);
}

/** Whether a column, or one inside it, holds bytes that are no text. */
function holdsBytes({element, children}: SchemaTree): boolean {
  if (children.length > 0) return children.some(holdsBytes);
  const isBytes = element.type === 'BYTE_ARRAY' || element.type === 'FIXED_LEN_BYTE_ARRAY';
  return isBytes && element.converted_type === undefined && element.logical_type === undefined;
}

function plainFields(
  row: Readonly<Record<string, unknown>>,
  names: ReadonlyMap<string, readonly string[]>,
): Fields {
  const fields: Record<string, unknown> = {};
  for (const [column, value] of Object.entries(row)) {
    const plain = plainValue(value);
    const named = typeof plain === 'number' ? names.get(column)?.[plain] : undefined;
    fields[column] = named ?? plain;
  }
  return fields;
}

/** What JSON has a word for. */
function plainValue(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Date) return value.toISOString();
  if (Array.isArray(value)) return value.map(plainValue);
  if (ArrayBuffer.isView(value)) return [...(value as unknown as Iterable<unknown>)].map(plainValue);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainValue(inner)]));
}

/** Hugging Face's `datasets` keeps the names of class labels in the footer. */
function labelNames({metadata}: ParquetFile): ReadonlyMap<string, readonly string[]> {
  const written = metadata.key_value_metadata?.find(({key}) => key === 'huggingface')?.value;
  const names = new Map<string, readonly string[]>();
  try {
    const {info} = JSON.parse(written ?? '{}') as {info?: {features?: Record<string, {names?: unknown}>}};
    for (const [column, feature] of Object.entries(info?.features ?? {})) {
      if (Array.isArray(feature.names)) names.set(column, feature.names.map(String));
    }
  } catch {
    // another program's note under the same name
  }
  return names;
}
