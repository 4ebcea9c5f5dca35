import {mkdir, writeFile} from 'node:fs/promises';
import {dirname, join} from 'node:path';
import type {RowToWrite, WriteRequest} from './set-writer.js';
import {isSplitName} from './splits.js';

/** Writes a file below the folder, whose path is ours. */
export async function putFile(folder: string, path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(join(folder, path)), {recursive: true});
  await writeFile(join(folder, path), content, {flag: 'wx'});
}

/** Writes every image under a path of its own. */
export async function putImages(
  {folder, rows, read, onRow}: WriteRequest,
  pathOf: (row: RowToWrite) => string,
): Promise<void> {
  for (const row of rows) {
    await putFile(folder, pathOf(row), await read(row.image));
    onRow();
  }
}

/** What a row says as one object: `captions`, `split`, `class` and all else. */
export function telling({captions, split, label, fields}: RowToWrite): Readonly<Record<string, unknown>> {
  return {captions, ...(split !== null && {split}), ...(label !== null && {class: label}), ...fields};
}

/** Rows by split, in the order of the rows; one entry without a name when the set has no splits. */
export function bySplit(rows: readonly RowToWrite[]): ReadonlyMap<string | null, readonly RowToWrite[]> {
  const parts = new Map<string | null, RowToWrite[]>();
  for (const row of rows) {
    const part = parts.get(row.split);
    if (part === undefined) parts.set(row.split, [row]);
    else part.push(row);
  }
  return parts;
}

/** Whether every row is in a split that readers know by the name of its folder or shard. */
export function haveKnownSplits(rows: readonly RowToWrite[]): boolean {
  return rows.every(({split}) => split !== null && isSplitName(split));
}

/** Rows in shards of a size, those of a known split apart; a shard's name is made from its split and number. */
export function* shardsOf(
  {rows, shardRows}: WriteRequest,
  nameOf: (split: string | null, number: number, count: number) => string,
): Generator<{readonly name: string; readonly rows: readonly RowToWrite[]}> {
  for (const [split, part] of haveKnownSplits(rows) ? bySplit(rows) : [[null, rows] as const]) {
    const count = Math.ceil(part.length / shardRows);
    for (let number = 0; number < count; number++) {
      const start = number * shardRows;
      yield {name: nameOf(split, number, count), rows: part.slice(start, start + shardRows)};
    }
  }
}
