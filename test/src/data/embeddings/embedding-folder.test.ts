import {mkdirSync, readFileSync, truncateSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {
  embeddingShard,
  listShards,
  readEmbeddingRecord,
  shardNumbers,
  writeEmbeddingRecord,
} from '../../../../src/data/embeddings/embedding-folder.js';
import {readMetadata, writeMetadata} from '../../../../src/data/embeddings/shard-metadata.js';
import {exitCodes} from '../../../../src/support/errors.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();

describe('shards', () => {
  it('are numbered and named as clip-retrieval does', () => {
    expect(shardNumbers(1)).toEqual(['0']);
    expect(shardNumbers(9).at(-1)).toBe('8');
    expect(shardNumbers(10)[0]).toBe('00');
    expect(shardNumbers(100).at(-1)).toBe('099');
    expect(embeddingShard('out', '07', 'parquet')).toEqual({
      number: '07',
      image: join('out', 'img_emb', 'img_emb_07.npy'),
      text: join('out', 'text_emb', 'text_emb_07.npy'),
      metadata: join('out', 'metadata', 'metadata_07.parquet'),
    });
  });

  it('are listed by number; one without metadata is not whole', async () => {
    const folder = join(root, 'shards');
    for (const part of ['img_emb', 'metadata']) mkdirSync(join(folder, part), {recursive: true});
    for (const number of [10, 2, 3]) writeFileSync(join(folder, 'img_emb', `img_emb_${number}.npy`), '');
    writeFileSync(join(folder, 'img_emb', '.img_emb_4.npy.1a2b.tmp'), '');
    writeFileSync(join(folder, 'metadata', 'metadata_10.jsonl'), '');
    writeFileSync(join(folder, 'metadata', 'metadata_2.parquet'), '');
    const found = await listShards(folder, 'image');
    expect(found.map(({number, metadata}) => [number, metadata.replace(/.*\./, '')])).toEqual([
      ['2', 'parquet'],
      ['10', 'jsonl'],
    ]);
  });

  it.each([
    ['none', undefined, 'got no such folder'],
    ['empty', [], 'got none'],
    ['torn', ['img_emb/img_emb_0.npy'], 'got 1 without their metadata'],
  ])('refuses a folder that has %s', async (name, files, message) => {
    const folder = join(root, name);
    if (files) mkdirSync(join(folder, 'img_emb'), {recursive: true});
    for (const file of files ?? []) writeFileSync(join(folder, file), '');
    await expect(listShards(folder, 'image')).rejects.toThrow(
      `${folder}: expected embeddings (img_emb/img_emb_0.npy, ...), ${message}`,
    );
  });
});

describe('the record', () => {
  const record = {
    version: 1,
    model: {reference: './clip', key: 'k'},
    data: {path: 'photos', split: null, rows: 3, fingerprint: 'f'},
    dim: 4,
    dtype: 'float16',
    texts: false,
    metadata: 'parquet',
    shardSize: 10,
  } as const;

  it('is read as it was written, and undefined where there is none', async () => {
    expect(await readEmbeddingRecord(root)).toBeUndefined();
    await writeEmbeddingRecord(join(root, 'own'), record);
    expect(await readEmbeddingRecord(join(root, 'own'))).toEqual(record);
  });

  it('is refused when it is another file, with the first fault', async () => {
    const folder = join(root, 'other');
    mkdirSync(folder);
    writeFileSync(join(folder, 'embeddings.json'), JSON.stringify({...record, dim: 'wide'}));
    await expect(readEmbeddingRecord(folder)).rejects.toThrow(
      `${join(folder, 'embeddings.json')}: expected a record of embeddings, got another file (dim: `,
    );
  });
});

describe.each(['parquet', 'jsonl'])('metadata as %s', (kind) => {
  const path = join(root, `metadata.${kind}`);
  const rows = Array.from({length: 2500}, (_, i) => ({
    image_path: `photos/${i}.png`,
    id: `${i}.png`,
    caption: i % 2 === 0 ? null : `ein Bild, "Nr. ${i}" 🌾`,
  }));

  it('gives back the rows that are asked for, in their order', async () => {
    await writeMetadata(path, rows);
    const wanted = [2499, 0, 1001, 1];
    expect(await readMetadata(path, wanted)).toEqual(wanted.map((row) => rows[row]));
  });

  it('refuses a row that is not there, and a damaged file', async () => {
    await writeMetadata(path, rows.slice(0, 2));
    await expect(readMetadata(path, [5])).rejects.toThrow(
      `${path}: expected a row 6, as the embeddings have, got fewer`,
    );
    truncateSync(path, readFileSync(path).length - 9);
    await expect(readMetadata(path, [1])).rejects.toMatchObject({exit: exitCodes.data});
  });
});
