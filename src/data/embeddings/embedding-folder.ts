import {readdir, readFile, stat} from 'node:fs/promises';
import {join} from 'node:path';
import {z} from 'zod';
import {writeJsonAtomically} from '../../support/atomic-file.js';
import {exitCodes, UserError} from '../../support/errors.js';

/** How embeddings came about: `embeddings.json` beside the shards. */
const embeddingRecordSchema = z.strictObject({
  version: z.literal(1),
  model: z.strictObject({
    reference: z.string(),
    /** Hash of weights, preprocessing and engine. */
    key: z.string(),
  }),
  data: z.strictObject({
    path: z.string(),
    split: z.string().nullable(),
    rows: z.int().min(1),
    fingerprint: z.string(),
  }),
  /** Numbers of a row. */
  dim: z.int().min(1),
  dtype: z.enum(['float16', 'float32']),
  /** Whether captions are embedded too. */
  texts: z.boolean(),
  metadata: z.enum(['parquet', 'jsonl']),
  shardSize: z.int().min(1),
});

export type EmbeddingRecord = z.output<typeof embeddingRecordSchema>;

/** What is embedded: one file of each a shard. */
export type Modality = 'image' | 'text';

/** One part of the rows, in files of the same number. */
export interface EmbeddingShard {
  /** As it stands in the names of the files: `00`. */
  readonly number: string;
  readonly image: string;
  readonly text: string;
  readonly metadata: string;
}

/** The files of a shard as clip-retrieval names them: `img_emb/img_emb_0.npy`, `metadata/metadata_0.parquet`. */
export function embeddingShard(
  folder: string,
  number: string,
  metadata: EmbeddingRecord['metadata'],
): EmbeddingShard {
  return {
    number,
    image: join(folder, 'img_emb', `img_emb_${number}.npy`),
    text: join(folder, 'text_emb', `text_emb_${number}.npy`),
    metadata: join(folder, 'metadata', `metadata_${number}.${metadata}`),
  };
}

/** The numbers of so many shards, each with as many digits as their count has. */
export function shardNumbers(shards: number): string[] {
  const digits = String(shards).length;
  return Array.from({length: shards}, (_, i) => String(i).padStart(digits, '0'));
}

const recordName = 'embeddings.json';

/** The record of a folder; undefined when there is none, as in folders that clip-retrieval wrote. */
export async function readEmbeddingRecord(folder: string): Promise<EmbeddingRecord | undefined> {
  const path = join(folder, recordName);
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const parsed = embeddingRecordSchema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue!.path.length === 0 ? '' : `${issue!.path.join('.')}: `;
  throw new UserError(
    `${path}: expected a record of embeddings, got another file (${where}${issue!.message})`,
    {
      exit: exitCodes.data,
    },
  );
}

/** Writes the record of a folder, whole or not at all. */
export async function writeEmbeddingRecord(folder: string, record: EmbeddingRecord): Promise<void> {
  await writeJsonAtomically(join(folder, recordName), record);
}

/**
 * The shards that a folder has of a modality, in the order of their numbers; one whose metadata are missing is not whole yet.
 * @throws UserError (data) when it has none
 */
export async function listShards(folder: string, modality: Modality): Promise<EmbeddingShard[]> {
  const prefix = modality === 'image' ? 'img_emb' : 'text_emb';
  const failed = (got: string) =>
    new UserError(`${folder}: expected embeddings (${prefix}/${prefix}_0.npy, ...), got ${got}`, {
      exit: exitCodes.data,
      tryThis: `fewclip embed DATA --model REF --out ${folder}${modality === 'text' ? ' --texts' : ''}`,
    });
  const isFolder = (await stat(folder).catch(() => undefined))?.isDirectory() ?? false;
  if (!isFolder) throw failed('no such folder');
  const names = await readdir(join(folder, prefix)).catch(() => [] as string[]);
  const numbers = names.flatMap((name) => new RegExp(`^${prefix}_(\\d+)\\.npy$`).exec(name)?.[1] ?? []);
  const metadata = await readdir(join(folder, 'metadata')).catch(() => [] as string[]);
  const shards = numbers
    .sort((a, b) => Number(a) - Number(b))
    .flatMap((number) => {
      const kind = (['parquet', 'jsonl'] as const).find((one) =>
        metadata.includes(`metadata_${number}.${one}`),
      );
      return kind === undefined ? [] : [embeddingShard(folder, number, kind)];
    });
  if (shards.length > 0) return shards;
  throw failed(numbers.length === 0 ? 'none' : `${numbers.length} without their metadata`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
