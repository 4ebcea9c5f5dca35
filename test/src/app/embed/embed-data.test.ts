import {existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {embedData, type EmbedDataOptions, type EmbeddedData} from '../../../../src/app/embed/embed-data.js';
import {npyBlocks} from '../../../../src/data/embeddings/npy.js';
import {readMetadata} from '../../../../src/data/embeddings/shard-metadata.js';
import {openImages} from '../../../../src/data/open-data.js';
import {exitCodes} from '../../../../src/support/errors.js';
import {expectClose} from '../../../support/expect-close.js';
import {evalPixels, stackPixels} from '../../../support/pixel-rows.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';
import {untrainedConfig, writeUntrainedClip} from '../../../support/untrained-clip.js';
import {createEmbedder} from '../../../../src/model/embedder.js';
import {loadClip} from '../../../../src/model/checkpoint.js';

const root = temporaryFolder();
const photos = join(root, 'photos');
const before = process.env['FEWCLIP_CACHE'];
let model: string;

beforeAll(async () => {
  process.env['FEWCLIP_CACHE'] = join(root, 'cache');
  model = await writeUntrainedClip(join(root, 'clip'));
  mkdirSync(photos);
  const lines = [];
  for (let i = 0; i < 7; i++) {
    await sharp({
      create: {width: 16, height: 16, channels: 3, background: {r: 30 * i, g: 200 - 20 * i, b: 90}},
    })
      .png()
      .toFile(join(photos, `${i}.png`));
    lines.push(JSON.stringify({file: `${i}.png`, captions: [`picture ${i}`, 'a second one']}));
  }
  // the same picture under another name
  writeFileSync(join(photos, '7.png'), readFileSync(join(photos, '2.png')));
  lines.push(JSON.stringify({file: '7.png', captions: ['again']}));
  writeFileSync(join(photos, 'captions.jsonl'), lines.join('\n'));
});

afterAll(() => {
  if (before === undefined) delete process.env['FEWCLIP_CACHE'];
  else process.env['FEWCLIP_CACHE'] = before;
});

function start(out: string, options: Partial<EmbedDataOptions> = {}) {
  return embedData({
    ...{data: photos, model, out: join(root, out), texts: false, dtype: 'float32', metadata: 'parquet'},
    ...{shardSize: 3, cache: false, batch: 2, engine: 'cpu'},
    ...options,
  });
}

async function embed(out: string, options: Partial<EmbedDataOptions> = {}): Promise<EmbeddedData> {
  const work = start(out, options);
  for (;;) {
    const {done, value} = await work.next();
    if (done) return value;
  }
}

/** All files of a folder of embeddings with their content, but the record, which has the reference of the model. */
function contentOf(out: string): Record<string, string> {
  const files = readdirSync(join(root, out), {recursive: true, withFileTypes: true});
  return Object.fromEntries(
    files
      .filter((entry) => entry.isFile() && entry.name !== 'embeddings.json')
      .map(({parentPath, name}) => [name, readFileSync(join(parentPath, name)).toString('base64')]),
  );
}

describe('embedData', () => {
  it("writes unit features in clip-retrieval's layout, in the order of the set", async () => {
    const embedded = await embed('plain', {texts: true});
    expect(embedded).toMatchObject({rows: 8, dim: 16, shards: 3, shardsBefore: 0, computed: 8, cached: 0});
    expect(Object.keys(contentOf('plain')).sort()).toEqual(
      [0, 1, 2].flatMap((i) => [`img_emb_${i}.npy`, `metadata_${i}.parquet`, `text_emb_${i}.npy`]).sort(),
    );
    const {rows} = await openImages(photos);
    const pixels = await Promise.all(rows.map(({image}) => evalPixels(image, untrainedConfig.preprocess)));
    const embedder = createEmbedder(await loadClip(model));
    const expected = embedder.images(stackPixels(pixels, 16));
    embedder.dispose();
    const found: number[] = [];
    for (const shard of [0, 1, 2]) {
      const path = join(root, 'plain', 'img_emb', `img_emb_${shard}.npy`);
      for await (const {values} of npyBlocks(path, {dim: 16})) found.push(...values);
    }
    expectClose(found, expected);
    const [last] = await readMetadata(join(root, 'plain', 'metadata', 'metadata_2.parquet'), [1]);
    expect(last).toEqual({image_path: rows[7]!.image.place, id: '7.png', caption: 'again'});
  });

  it('goes on behind the last whole shard, to the same bytes as without a stop', async () => {
    const work = start('stopped', {texts: true});
    for (;;) {
      const {value, done} = await work.next();
      if (done) throw new Error('it ended before it was stopped');
      if (value.type === 'progress' && value.what === 'images' && value.done > 3) break;
    }
    await work.return(undefined as never);
    expect(existsSync(join(root, 'stopped', 'metadata', 'metadata_0.parquet'))).toBe(true);
    expect(existsSync(join(root, 'stopped', 'metadata', 'metadata_1.parquet'))).toBe(false);
    writeFileSync(join(root, 'stopped', 'img_emb', '.img_emb_1.npy.12ab34cd.tmp'), 'torn');
    const embedded = await embed('stopped', {texts: true});
    expect(embedded).toMatchObject({shards: 3, shardsBefore: 1, computed: 5});
    expect(contentOf('stopped')).toEqual(contentOf('plain'));
  });

  it('reads everything from the cache the second time, whatever the folder and the shards are', async () => {
    const first = await embed('cached', {cache: true, shardSize: 4});
    // two images are equal: one that is known when its shard comes is not computed again
    expect(first).toMatchObject({computed: 7, cached: 1});
    const second = await embed('again', {cache: true, shardSize: 8, dtype: 'float16', metadata: 'jsonl'});
    expect(second).toMatchObject({computed: 0, cached: 8});
    const uncached = await embed('uncached', {shardSize: 8, dtype: 'float16', metadata: 'jsonl'});
    expect(uncached).toMatchObject({computed: 8, cached: 0});
    expect(contentOf('again')).toEqual(contentOf('uncached'));
  });

  it('computes an image once that is twice in a shard', async () => {
    const embedded = await embed('equal', {cache: true, shardSize: 8, model: await other()});
    expect(embedded).toMatchObject({computed: 8, cached: 0});
    const [{values}] = await rowsOf('equal');
    expect([...values.subarray(7 * 16)]).toEqual([...values.subarray(2 * 16, 3 * 16)]);
  });

  it('takes no feature of other weights from the cache', async () => {
    const embedded = await embed('fresh', {
      cache: true,
      model: await writeUntrainedClip(join(root, 'third'), 3),
    });
    expect(embedded.computed).toBe(7);
    expect(embedded.cached).toBe(1);
  });

  it('says what it does not go on with', async () => {
    const message = `${join(root, 'plain')}: expected embeddings of the same model, data and options, got others`;
    await expect(embed('plain', {texts: true, dtype: 'float16'})).rejects.toThrow(
      `${message} (dtype float32)`,
    );
    await expect(embed('plain', {texts: true, model: await other()})).rejects.toThrow(
      `${message} (the model ${model}, or another engine)`,
    );
    await expect(embed('plain', {texts: true, data: 'domain:toy'})).rejects.toMatchObject({
      message: `${message} (other images of ${photos})`,
      exit: exitCodes.locked,
    });
  });

  it('leaves a folder of other files alone', async () => {
    await expect(embed('photos')).rejects.toThrow(
      `--out: expected an empty folder or one of embeddings, got 9 other files in ${photos}`,
    );
  });

  it('says which image it cannot read; what was whole stays', async () => {
    const broken = join(root, 'broken');
    mkdirSync(broken);
    for (const i of [0, 1, 2])
      writeFileSync(join(broken, `${i}.png`), readFileSync(join(photos, `${i}.png`)));
    writeFileSync(join(broken, '3.png'), readFileSync(join(photos, '3.png')).subarray(0, 70));
    await expect(embed('from-broken', {data: broken})).rejects.toThrow(
      /3\.png: expected an image, got a damaged/,
    );
    expect(existsSync(join(root, 'from-broken', 'metadata', 'metadata_0.parquet'))).toBe(true);
  });
});

function other(): Promise<string> {
  return writeUntrainedClip(join(root, 'other'), 1);
}

async function rowsOf(out: string) {
  const found = [];
  for await (const block of npyBlocks(join(root, out, 'img_emb', 'img_emb_0.npy'))) found.push(block);
  return found as [(typeof found)[number], ...typeof found];
}
