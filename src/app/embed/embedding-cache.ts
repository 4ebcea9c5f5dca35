import {createHash} from 'node:crypto';
import {open, readdir, type FileHandle} from 'node:fs/promises';
import {join} from 'node:path';
import {writeAtomically} from '../../support/atomic-file.js';
import {cacheFolder} from '../../support/cache-folder.js';

/** Image features that are known already, by the SHA-256 of the encoded file: of one model with its preprocessing. */
export interface EmbeddingCache {
  /** How many features it knew when it was opened, or has been given. */
  readonly size: number;
  /** The feature of each key, [d], or undefined. */
  read(keys: readonly Buffer[]): Promise<(Float32Array | undefined)[]>;
  /**
   * Keeps features for the next time.
   * @param features [keys, d]
   */
  add(keys: readonly Buffer[], features: Float32Array): Promise<void>;
  close(): Promise<void>;
}

/** Features in one file: magic, d and count, then the keys, then the features. */
interface Segment {
  readonly file: FileHandle;
  readonly count: number;
}

interface Place {
  readonly segment: Segment;
  readonly row: number;
}

const magic = Buffer.from('FEWEMB1\n', 'latin1');
const headerBytes = magic.length + 8;
const keyBytes = 32;

/** What a feature's length may be off by: one that was torn by a failing disk is not taken. */
const lengthTolerance = 1e-3;

/** Where features are kept: below the user's cache, one folder a model. */
export function embeddingCacheFolder(modelKey: string, root: string = cacheFolder()): string {
  return join(root, 'embeddings', modelKey);
}

/**
 * Opens the cache of a model; files that are damaged count as not there. The caller closes it.
 * @param dim d, numbers of a feature
 */
export async function openEmbeddingCache(folder: string, dim: number): Promise<EmbeddingCache> {
  const places = new Map<string, Place>();
  const segments: Segment[] = [];
  const names = await readdir(folder).catch(() => [] as string[]);
  for (const name of names.filter((one) => one.endsWith('.bin')).sort()) {
    const found = await openSegment(join(folder, name), dim);
    if (found === undefined) continue;
    segments.push(found.segment);
    found.keys.forEach((key, row) => places.set(key, {segment: found.segment, row}));
  }
  return {
    get size() {
      return places.size;
    },
    read: (keys) =>
      Promise.all(
        keys.map(async (key) => {
          const place = places.get(key.toString('latin1'));
          return place && readFeature(place, dim);
        }),
      ),
    async add(keys, features) {
      if (keys.length === 0) return;
      const all = Buffer.concat(keys);
      // the same features always go into the same file: what is embedded twice is kept once
      const path = join(folder, `${createHash('sha256').update(all).digest('hex').slice(0, 32)}.bin`);
      await writeAtomically(path, async (file) => {
        await file.writeFile(header(dim, keys.length));
        await file.writeFile(all);
        await file.writeFile(new Uint8Array(features.buffer, features.byteOffset, features.byteLength));
      });
      const found = await openSegment(path, dim);
      if (found === undefined) return;
      segments.push(found.segment);
      found.keys.forEach((key, row) => places.set(key, {segment: found.segment, row}));
    },
    close: async () => void (await Promise.all(segments.map(({file}) => file.close()))),
  };
}

function header(dim: number, count: number): Buffer {
  const bytes = Buffer.alloc(headerBytes);
  magic.copy(bytes);
  bytes.writeUInt32LE(dim, magic.length);
  bytes.writeUInt32LE(count, magic.length + 4);
  return bytes;
}

async function openSegment(
  path: string,
  dim: number,
): Promise<{segment: Segment; keys: string[]} | undefined> {
  const file = await open(path, 'r');
  const start = Buffer.alloc(headerBytes);
  await file.read(start, 0, headerBytes, 0);
  const count = start.readUInt32LE(magic.length + 4);
  const isWhole =
    start.subarray(0, magic.length).equals(magic) &&
    start.readUInt32LE(magic.length) === dim &&
    (await file.stat()).size === headerBytes + count * (keyBytes + 4 * dim);
  if (!isWhole) {
    await file.close();
    return undefined;
  }
  const keys = Buffer.alloc(count * keyBytes);
  await file.read(keys, 0, keys.length, headerBytes);
  return {
    segment: {file, count},
    keys: Array.from({length: count}, (_, i) => keys.toString('latin1', i * keyBytes, (i + 1) * keyBytes)),
  };
}

async function readFeature({segment, row}: Place, dim: number): Promise<Float32Array | undefined> {
  const bytes = Buffer.alloc(4 * dim);
  const at = headerBytes + segment.count * keyBytes + row * bytes.length;
  const {bytesRead} = await segment.file.read(bytes, 0, bytes.length, at);
  const feature = new Float32Array(bytes.buffer, bytes.byteOffset, dim);
  const length = Math.sqrt(feature.reduce((sum, value) => sum + value * value, 0));
  const isWhole = bytesRead === bytes.length && Math.abs(length - 1) < lengthTolerance;
  return isWhole ? feature : undefined;
}
