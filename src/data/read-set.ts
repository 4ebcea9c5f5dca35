import {UserError, exitCodes} from '../support/errors.js';
import {openStore, type FileStore} from './file-store.js';
import {imageExtensions, imageFolder, imageTree, withoutImageFolder} from './image-tree.js';
import type {Fields, Layout, SetRecord, SetRecords} from './layout.js';
import {loadKinds} from './load-kinds.js';
import type {ImageRef} from './rows.js';
import {chooseSplit, type Purpose} from './splits.js';

/** All that a set says about one image. */
export interface SetRow {
  readonly image: ImageRef;
  /** None empty; there may be none at all. */
  readonly captions: readonly string[];
  readonly fields: Fields;
}

export interface ReadSet {
  readonly rows: readonly SetRow[];
  readonly skipped: Readonly<Record<string, number>>;
}

export interface ReadOptions {
  readonly split: string | undefined;
  readonly purpose: Purpose;
  /** Why a row is left out, or null; decided before its image is looked up. */
  readonly skip: (row: {readonly captions: readonly string[]; readonly fields: Fields}) => string | null;
}

/**
 * Reads a set in any layout from any store: finds the table, joins the rows about one image, takes one split and
 * looks every image up.
 * @throws UserError (data) when the set cannot be read or an image is missing; (usage) for an unknown split.
 */
export async function readSet(path: string, {split, purpose, skip}: ReadOptions): Promise<ReadSet> {
  const store = await openStore(path);
  const {records, skipped} = await readRecords(store, path);
  const known = new Set(records.flatMap((record) => record.split ?? []));
  const wanted = chooseSplit(known, {split, purpose}, path);
  const counts = new Map(Object.entries(skipped));
  const kept = joinRecords(records, path).filter((row) => {
    if (wanted !== null && row.split !== wanted) return false;
    const reason = skip(row);
    if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
    return reason === null;
  });
  return {rows: await lookUp(kept, store, path), skipped: Object.fromEntries(counts)};
}

/** The records of the one table that the store holds or the user names; without a table, its images. */
async function readRecords(store: FileStore, path: string): Promise<SetRecords> {
  const layouts = await loadKinds<Layout>('layouts');
  if (store.table !== null) {
    const {table} = store;
    return layouts.find((layout) => layout.reads(table))!.read(store, table);
  }
  const found = await Promise.all(
    layouts.map(async (layout) => (await layout.find(store)).map((table) => ({layout, table}))),
  );
  const [first, ...others] = found.flat();
  if (first === undefined) return readTree(store, path, layouts);
  if (others.length > 0) {
    const tables = [first, ...others].map(({table}) => table);
    throw new UserError(`${path}: expected one table, got ${tables.join(' and ')}`, {
      tryThis: 'give the path of the table itself, or keep only one',
      exit: exitCodes.data,
    });
  }
  return first.layout.read(store, first.table);
}

async function readTree(store: FileStore, path: string, layouts: readonly Layout[]): Promise<SetRecords> {
  const tree = await imageTree(store);
  if (tree.records.length > 0) return tree;
  const files = await store.list();
  const tables = layouts.map((layout) => layout.looksFor).join(', ');
  const got =
    files.length === 0 ? 'no files' : `${files.length} other files (${files.slice(0, 3).join(', ')})`;
  throw new UserError(`${path}: expected ${tables} or images (${imageExtensions.join(', ')}), got ${got}`, {
    exit: exitCodes.data,
  });
}

interface JoinedRow extends SetRecord {
  readonly id: string;
}

/** One row an image, in the order of first mention; captions add up, other columns come from the first row. */
function joinRecords(records: readonly SetRecord[], path: string): JoinedRow[] {
  const rows = new Map<string, JoinedRow & {captions: string[]}>();
  for (const record of records) {
    const id = withoutImageFolder(record.file);
    const captions = record.captions.filter((caption) => caption.trim() !== '');
    const row = rows.get(id);
    if (row === undefined) {
      rows.set(id, {...record, id, captions});
      continue;
    }
    const fail = (expected: string, got: string) =>
      new UserError(`${path}: ${id}: expected ${expected}, got ${got}`, {exit: exitCodes.data});
    if (row.file !== record.file) throw fail('one image of this name', `${row.file} and ${record.file}`);
    if (row.split !== record.split) {
      throw fail('one split an image', `${row.split ?? 'none'} and ${record.split ?? 'none'}`);
    }
    row.captions.push(...captions);
  }
  return [...rows.values()];
}

/** Looked up at a time: enough to hide a network disk's delay, few enough for any limit on open files. */
const lookUpsAtATime = 256;

/** Finds each image beside the table or in `images/`. */
async function lookUp(rows: readonly JoinedRow[], store: FileStore, path: string): Promise<SetRow[]> {
  const found: SetRow[] = [];
  const missing: string[] = [];
  for (let start = 0; start < rows.length; start += lookUpsAtATime) {
    const part = rows.slice(start, start + lookUpsAtATime);
    const images = await Promise.all(part.map((row) => imageOf(row, store)));
    part.forEach(({file, captions, fields}, i) => {
      const image = images[i]!;
      if (image === null) missing.push(file);
      else found.push({image, captions, fields});
    });
  }
  if (missing.length === 0) return found;
  const names = missing.slice(0, 3).join(', ');
  const more = missing.length > 3 ? `, ... (${missing.length} in all)` : '';
  throw new UserError(
    `${path}: expected every image beside the table or in images/, got none for ${names}${more}`,
    {
      ...(store.caveat !== undefined && {tryThis: store.caveat}),
      exit: exitCodes.data,
    },
  );
}

async function imageOf({id, file}: JoinedRow, store: FileStore): Promise<ImageRef | null> {
  for (const path of [file, imageFolder + file, id]) {
    const bytes = await store.size(path);
    if (bytes === undefined) continue;
    const part = store.part(path);
    return {id, place: store.place(path), bytes, read: () => store.read(path), ...(part && {part})};
  }
  return null;
}
