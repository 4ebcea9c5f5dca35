import {readFile} from 'node:fs/promises';
import {basename, dirname, join} from 'node:path';
import {z} from 'zod';
import {BugError, exitCodes, UserError} from '../../support/errors.js';
import type {TensorEntry} from './header.js';
import {openSafetensors, type TensorReader} from './reader.js';

const indexSchema = z.looseObject({weight_map: z.record(z.string(), z.string())});

/** A shard is a file beside its index: no folder, no way out. */
const shardName = /^(?!\.)[\w.-]+\.safetensors$/;

/**
 * The shards that an index names, each once, in order.
 * @throws UserError with exit code `data` when it is not an index, or names anything but files beside it.
 */
export function parseShardIndex(
  text: string,
  path: string,
): {weightMap: ReadonlyMap<string, string>; shards: string[]} {
  const {weight_map} = parseIndex(text, path);
  const weightMap = new Map(Object.entries(weight_map));
  if (weightMap.size === 0) throw invalid(path, 'weight_map: expected at least one tensor, got none');
  for (const [name, shard] of weightMap) {
    if (!shardName.test(shard)) {
      throw invalid(
        path,
        `weight_map.${name}: expected a .safetensors file beside the index, got ${JSON.stringify(shard)}`,
      );
    }
  }
  return {weightMap, shards: [...new Set(weightMap.values())].sort()};
}

/**
 * Opens a checkpoint that is split over several files, from its `*.safetensors.index.json`. Close it after use.
 * @throws UserError with exit code `data` when the index and the shards do not agree.
 */
export async function openSharded(path: string): Promise<TensorReader> {
  const {weightMap, shards} = parseShardIndex(await readFile(path, 'utf8'), path);
  const readers = new Map<string, TensorReader>();
  try {
    for (const shard of shards) readers.set(shard, await openShard(path, shard));
    const places = combine(path, weightMap, readers);
    const readerOf = (name: string): TensorReader => {
      const place = places.get(name);
      if (place !== undefined) return place.reader;
      throw new BugError(`${path}: expected a tensor of the checkpoint, got ${name}`);
    };
    return {
      path,
      tensors: new Map([...places].map(([name, {entry}]) => [name, entry])),
      metadata: new Map([...readers.values()].flatMap((reader) => [...reader.metadata])),
      names: () => [...places.keys()],
      close: () => closeAll(readers.values()),
      read: (name) => readerOf(name).read(name),
      readRow: (name, row) => readerOf(name).readRow(name, row),
    };
  } catch (error) {
    await closeAll(readers.values());
    throw error;
  }
}

function parseIndex(text: string, path: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw invalid(path, `expected JSON, got ${(error as Error).message}`);
  }
  const parsed = indexSchema.safeParse(value);
  if (!parsed.success) throw invalid(path, 'expected {"weight_map": {tensor: file}}, got another structure');
  return parsed.data;
}

async function openShard(path: string, shard: string): Promise<TensorReader> {
  try {
    return await openSafetensors(join(dirname(path), shard));
  } catch (error) {
    const cause = error instanceof UserError ? (error.cause as NodeJS.ErrnoException | undefined) : undefined;
    if (cause?.code !== 'ENOENT') throw error;
    throw invalid(path, `expected the shard ${shard} beside it, got no such file`);
  }
}

/** Every tensor with its shard, once the index and the shards are known to say the same. */
function combine(
  path: string,
  weightMap: ReadonlyMap<string, string>,
  readers: ReadonlyMap<string, TensorReader>,
) {
  const places = new Map<string, {entry: TensorEntry; reader: TensorReader}>();
  for (const [name, shard] of weightMap) {
    const reader = readers.get(shard)!;
    const entry = reader.tensors.get(name);
    if (entry === undefined)
      throw invalid(path, `weight_map.${name}: expected it in ${shard}, got a file without it`);
    places.set(name, {entry, reader});
  }
  for (const [shard, reader] of readers) {
    const stray = [...reader.tensors.keys()].find((name) => weightMap.get(name) !== shard);
    if (stray !== undefined) {
      throw invalid(
        path,
        `expected every tensor of ${basename(shard)} in weight_map, got ${stray} that is not`,
      );
    }
  }
  return places;
}

async function closeAll(readers: Iterable<TensorReader>): Promise<void> {
  await Promise.all([...readers].map((reader) => reader.close()));
}

function invalid(path: string, message: string): UserError {
  return new UserError(`${path}: ${message}`, {exit: exitCodes.data});
}
