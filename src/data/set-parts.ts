import {stat} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {UserError, exitCodes} from '../support/errors.js';
import {compareCodePoints} from './code-point-order.js';
import {openStore, type FileStore} from './file-store.js';
import {globStore, isGlob} from './glob-files.js';
import {imageTree} from './image-tree.js';
import type {Layout, ReadContext, SetRecord} from './layout.js';
import {loadKinds} from './load-kinds.js';
import {expandPath} from './expand-path.js';
import {canonicalSplit, splitNames} from './splits.js';
import {imageExtension, imageExtensions} from './stem-groups.js';

/** A part of a set: all of it, or one shard. */
export interface SetPart {
  readonly store: FileStore;
  /** Put before the ids of its images, so that shards may use the same names. */
  readonly prefix: string;
  /** The split that the name of the shard says; null when it says none. */
  readonly split: string | null;
  /** Files that are left out. */
  readonly others: number;
  readonly records: AsyncIterable<SetRecord>;
}

/**
 * The parts of the set at a path, one after another: only one is open at a time. A path may have braces and `::`, be a
 * pattern, or name a folder of shards.
 * @throws UserError (data) when something is missing, or nothing is found that can be read.
 */
export async function* setParts(path: string, context: ReadContext): AsyncGenerator<SetPart> {
  const paths = await expandPath(path);
  if (paths.length > 1) {
    const files = await Promise.all(
      paths.map(async (each) => ((await isPattern(each)) ? filesOf(each) : [each])),
    );
    yield* shards(files.flat(), context);
    return;
  }
  const only = paths[0]!;
  if (await isPattern(only)) {
    yield* globParts(only, context);
    return;
  }
  const store = await openStore(only);
  const found = await storeRecords(store, only, context);
  if ('shards' in found) yield* shards(found.shards, context);
  else yield {...found, store, prefix: '', split: null};
}

async function isPattern(path: string): Promise<boolean> {
  return isGlob(path) && (await stat(path).catch(() => undefined)) === undefined;
}

async function filesOf(pattern: string): Promise<readonly string[]> {
  const store = await globStore(pattern);
  return (await store.list()).map((file) => store.place(file));
}

async function* globParts(pattern: string, context: ReadContext): AsyncGenerator<SetPart> {
  const store = await globStore(pattern);
  const files = await store.list();
  if (files.some((file) => imageExtension.test(file))) {
    const tree = await imageTree(store);
    yield {store, prefix: '', split: null, others: tree.others, records: tree.records(context)};
    return;
  }
  yield* shards(await filesOf(pattern), context);
}

async function* shards(paths: readonly string[], context: ReadContext): AsyncGenerator<SetPart> {
  const names = distinct(paths.map(nameOf));
  const splits = names.map(splitOfShard);
  const allHaveSplits = splits.every((split) => split !== null);
  for (const [i, path] of paths.entries()) {
    const shard = await shardOrFault(path, context);
    if (shard !== null) yield {...shard, prefix: `${names[i]!}/`, split: allHaveSplits ? splits[i]! : null};
  }
}

/** Null for a shard whose fault is told. */
async function shardOrFault(
  path: string,
  context: ReadContext,
): Promise<Pick<SetPart, 'store' | 'others' | 'records'> | null> {
  try {
    const store = await openStore(path);
    const found = await storeRecords(store, path, context);
    if ('shards' in found) {
      throw new UserError(`${path}: expected a shard with images, got a folder of shards`, {
        exit: exitCodes.data,
      });
    }
    return {...found, store};
  } catch (error) {
    if (context.onFault === undefined || !(error instanceof UserError)) throw error;
    context.onFault(error);
    return null;
  }
}

function nameOf(path: string): string {
  return basename(path).replace(/\.\w+$/, '');
}

/** Names as they are, numbered where one comes again. */
function distinct(names: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}-${count}`;
  });
}

/** `train` for `train-00000-of-00002`. */
function splitOfShard(name: string): string | null {
  const word = /^[a-z]+(?=[^a-z]|$)/i.exec(name)?.[0].toLowerCase() ?? '';
  return splitNames.includes(word) ? canonicalSplit(word) : null;
}

type Found = Pick<SetPart, 'others' | 'records'> | {readonly shards: readonly string[]};

/** The records of the one table that the store holds or the user names; without a table, its images or shards. */
async function storeRecords(store: FileStore, path: string, context: ReadContext): Promise<Found> {
  const layouts = await loadKinds<Layout>('layouts');
  if (store.table !== null) {
    const {table} = store;
    const layout = layouts.find((candidate) => candidate.reads(table))!;
    return {others: 0, records: layout.read(store, table, context)};
  }
  const found = await Promise.all(
    layouts.map(async (layout) => (await layout.find(store)).map((tables) => ({layout, tables}))),
  );
  const [first, ...others] = found.flat();
  if (first === undefined) return treeRecords(store, path, {layouts, context});
  if (others.length > 0) {
    const tables = [first, ...others].flatMap(({tables}) => tables);
    throw new UserError(`${path}: expected one table, got ${tables.join(' and ')}`, {
      tryThis: 'give the path of the table itself, or keep only one',
      exit: exitCodes.data,
    });
  }
  return {others: 0, records: inTurn(first.tables.map((table) => first.layout.read(store, table, context)))};
}

async function* inTurn<T>(parts: readonly AsyncIterable<T>[]): AsyncGenerator<T> {
  for (const part of parts) yield* part;
}

/** Shards that a folder may hold instead of images, in order of preference: metadata may lie beside archives. */
const shardExtensions = [/\.tar$/i, /\.zip$/i, /\.parquet$/i];

async function treeRecords(
  store: FileStore,
  path: string,
  {layouts, context}: {readonly layouts: readonly Layout[]; readonly context: ReadContext},
): Promise<Found> {
  const tree = await imageTree(store);
  if (tree.images > 0) return {others: tree.others, records: tree.records(context)};
  const files = await store.list();
  const isFolder = (await stat(path).catch(() => undefined))?.isDirectory() === true;
  for (const extension of isFolder ? shardExtensions : []) {
    const found = files.filter((file) => extension.test(file)).sort(compareCodePoints);
    if (found.length > 0) return {shards: found.map((file) => join(path, file))};
  }
  const tables = layouts.flatMap(({looksFor}) => (looksFor === '' ? [] : [looksFor])).join(', ');
  const got =
    files.length === 0 ? 'no files' : `${files.length} other files (${files.slice(0, 3).join(', ')})`;
  throw new UserError(`${path}: expected ${tables} or images (${imageExtensions.join(', ')}), got ${got}`, {
    exit: exitCodes.data,
  });
}
