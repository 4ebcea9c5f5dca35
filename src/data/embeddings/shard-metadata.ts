import {createReadStream} from 'node:fs';
import {stat} from 'node:fs/promises';
import {createInterface} from 'node:readline';
import {writeFileAtomically} from '../../support/atomic-file.js';
import {exitCodes, UserError} from '../../support/errors.js';
import {asParquet, openParquet} from '../parquet/parquet-file.js';

/** What is known about one embedded row, as clip-retrieval names it. */
export interface RowMetadata {
  /** Where a person finds the image. */
  readonly image_path: string;
  /** Stable inside its set. */
  readonly id: string;
  /** The caption that is embedded, or the first. */
  readonly caption: string | null;
}

/** Writes the rows of a shard as parquet or as one JSON object a line, by the ending of the path; whole or not at all. */
export async function writeMetadata(path: string, rows: readonly RowMetadata[]): Promise<void> {
  if (path.endsWith('.jsonl')) {
    await writeFileAtomically(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return;
  }
  const {parquetWriteBuffer} = await import('hyparquet-writer');
  const column = (name: keyof RowMetadata) => ({
    name,
    data: rows.map((row) => row[name]),
    type: 'STRING' as const,
    nullable: name === 'caption',
  });
  const columnData = [column('image_path'), column('id'), column('caption')];
  // small groups: a search reads a few rows of millions
  const content = parquetWriteBuffer({columnData, rowGroupSize: 1000});
  await writeFileAtomically(path, new Uint8Array(content));
}

/**
 * Reads some rows of a shard's metadata, with all columns that they have.
 * @param rows numbers from 0
 * @returns in the order of `rows`
 * @throws UserError (data) when the file is damaged or has no such row
 */
export async function readMetadata(
  path: string,
  rows: readonly number[],
): Promise<Readonly<Record<string, unknown>>[]> {
  return path.endsWith('.jsonl') ? readLines(path, rows) : readParquet(path, rows);
}

async function readParquet(path: string, rows: readonly number[]): Promise<Record<string, unknown>[]> {
  const bytes = (await stat(path)).size;
  const file = await openParquet({bytes, part: {path}}, path);
  const [{parquetReadObjects}, {compressors}] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ]);
  const read: Record<string, unknown>[] = [];
  for (const row of rows) {
    const [found] = await asParquet(file, () =>
      parquetReadObjects({
        file: file.buffer,
        metadata: file.metadata,
        compressors,
        rowStart: row,
        rowEnd: row + 1,
      }),
    );
    if (found === undefined) throw missing(path, row);
    read.push(found);
  }
  return read;
}

async function readLines(path: string, rows: readonly number[]): Promise<Record<string, unknown>[]> {
  const wanted = new Map(rows.map((row) => [row, undefined as Record<string, unknown> | undefined]));
  let number = 0;
  const input = createReadStream(path, 'utf8');
  try {
    for await (const line of createInterface({input, crlfDelay: Infinity})) {
      if (wanted.has(number)) wanted.set(number, recordOf(line, `${path}: line ${number + 1}`));
      number++;
    }
  } finally {
    input.destroy();
  }
  return rows.map((row) => {
    const found = wanted.get(row);
    if (found === undefined) throw missing(path, row);
    return found;
  });
}

function recordOf(line: string, where: string): Record<string, unknown> {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    throw new UserError(`${where}: expected a JSON object, got ${line.slice(0, 40)}`, {exit: exitCodes.data});
  }
}

function missing(path: string, row: number): UserError {
  return new UserError(`${path}: expected a row ${row + 1}, as the embeddings have, got fewer`, {
    exit: exitCodes.data,
  });
}
