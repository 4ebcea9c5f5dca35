import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {embedData} from '../../src/app/embed/embed-data.js';
import {searchEmbeddings} from '../../src/app/search/search-embeddings.js';
import {npyBlocks} from '../../src/data/embeddings/npy.js';
import {readMetadata} from '../../src/data/embeddings/shard-metadata.js';
import {dotProducts} from '../reference/matrix.js';
import {toRows} from '../reference/transformer.js';
import {temporaryFolder} from '../support/temporary-folder.js';

const shared = fileURLToPath(new URL('../../../shared/', import.meta.url));
const root = temporaryFolder();
const folder = join(root, 'embedded');
const before = process.env['FEWCLIP_CACHE'];

async function embed(out: string, shardSize: number) {
  const work = embedData({
    ...{
      data: `${shared}data/ucm.tar#val`,
      model: `${shared}models/tiny-clip-rs`,
      out,
      texts: true,
      dtype: 'float32',
    },
    ...{metadata: 'parquet', shardSize, cache: true, batch: 64},
  });
  for (;;) {
    const {done, value} = await work.next();
    if (done) return value;
  }
}

async function allRows(name: 'img_emb' | 'text_emb'): Promise<number[][]> {
  const rows: number[][] = [];
  for (const shard of [0, 1, 2]) {
    const path = join(folder, name, `${name}_${shard}.npy`);
    for await (const {values} of npyBlocks(path)) rows.push(...toRows(values, 256));
  }
  return rows;
}

beforeAll(async () => {
  process.env['FEWCLIP_CACHE'] = join(root, 'cache');
  expect(await embed(folder, 80)).toMatchObject({rows: 210, dim: 256, shards: 3, computed: 210});
});

afterAll(() => {
  if (before === undefined) delete process.env['FEWCLIP_CACHE'];
  else process.env['FEWCLIP_CACHE'] = before;
});

describe('real photos, embedded in three shards', () => {
  it('are all in the cache the next time', async () => {
    expect(await embed(join(root, 'again'), 210)).toMatchObject({computed: 0, cached: 210});
  });

  it('are found by a caption in the order of sorting all cosines', async () => {
    const [images, texts] = [await allRows('img_emb'), await allRows('text_emb')];
    const [wanted] = await readMetadata(join(folder, 'metadata', 'metadata_1.parquet'), [7]);
    const query = texts[87]!;
    const [cosines] = dotProducts([query], images);
    const expected = [...cosines!.keys()].sort((a, b) => cosines![b]! - cosines![a]! || a - b).slice(0, 10);
    const work = searchEmbeddings({folder, text: String(wanted!['caption']), modality: 'image', top: 10});
    let step = await work.next();
    while (!step.done) step = await work.next();
    const {results, searched} = step.value;
    expect(searched).toBe(210);
    expect(results.map(({shard, row}) => 80 * Number(shard) + row)).toEqual(expected);
    results.forEach(({score}, i) => expect(score).toBeCloseTo(cosines![expected[i]!]!, 4));
  });
});
