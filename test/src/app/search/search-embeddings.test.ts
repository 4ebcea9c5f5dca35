import {cpSync, mkdirSync, readdirSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {writeFileSync} from 'node:fs';
import {beforeAll, describe, expect, it} from 'vitest';
import {embedData} from '../../../../src/app/embed/embed-data.js';
import {
  searchEmbeddings,
  type SearchOptions,
  type SearchReport,
} from '../../../../src/app/search/search-embeddings.js';
import {npyBlocks} from '../../../../src/data/embeddings/npy.js';
import {exitCodes} from '../../../../src/support/errors.js';
import {searchText} from '../../../../src/ui/search-text.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';
import {writeUntrainedClip} from '../../../support/untrained-clip.js';

const root = temporaryFolder();
const photos = join(root, 'photos');
const folder = join(root, 'embedded');
let model: string;

beforeAll(async () => {
  model = await writeUntrainedClip(join(root, 'clip'));
  mkdirSync(photos);
  const lines = ['file,caption'];
  for (let i = 0; i < 9; i++) {
    const half = await sharp({
      create: {width: 8, height: 16, channels: 3, background: {r: 25 * i, g: 90, b: 10}},
    })
      .png()
      .toBuffer();
    await sharp({
      create: {width: 16, height: 16, channels: 3, background: {r: 20, g: 28 * i, b: 255 - 28 * i}},
    })
      .composite([{input: half, left: 0, top: 0}])
      .png()
      .toFile(join(photos, `${i}.png`));
    lines.push(`${i}.png,caption ${'xyz'[i % 3]!.repeat(i + 1)}`);
  }
  writeFileSync(join(photos, 'captions.csv'), lines.join('\n'));
  const work = embedData({
    ...{data: photos, model, out: folder, texts: true, dtype: 'float32', metadata: 'parquet'},
    ...{shardSize: 4, cache: false, batch: 4, engine: 'cpu'},
  });
  while (!(await work.next()).done);
});

async function search(options: Partial<SearchOptions>): Promise<{report: SearchReport; notices: string[]}> {
  const notices: string[] = [];
  const work = searchEmbeddings({folder, modality: 'image', top: 3, engine: 'cpu', ...options});
  for (;;) {
    const {done, value} = await work.next();
    if (done) return {report: value, notices};
    if (value.type === 'notice') notices.push(value.message);
  }
}

describe('searchEmbeddings', () => {
  it('finds an image by itself, with what is known about it', async () => {
    const {report, notices} = await search({image: join(photos, '5.png')});
    expect(report.searched).toBe(9);
    expect(report.results.map(({rank}) => rank)).toEqual([1, 2, 3]);
    const [first] = report.results;
    expect(first!.score).toBeCloseTo(1, 5);
    expect(first).toMatchObject({shard: '1', row: 1, metadata: {id: '5.png', caption: 'caption zzzzzz'}});
    expect(report.results[1]!.score).toBeLessThan(first!.score);
    expect(notices).toEqual([]);
  });

  it('finds a caption by its own words among the captions', async () => {
    const {report} = await search({text: 'caption yyyyy', modality: 'text', top: 1});
    expect(report.results[0]).toMatchObject({rank: 1, metadata: {caption: 'caption yyyyy'}});
    expect(report.results[0]!.score).toBeCloseTo(1, 5);
  });

  it('orders images by the cosine with the words, all of them when so many are asked for', async () => {
    const {report} = await search({text: 'a red barn', top: 100});
    expect(report.results).toHaveLength(9);
    const scores = report.results.map(({score}) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(new Set(report.results.map(({metadata}) => metadata['id'])).size).toBe(9);
  });

  it('takes words and an image together as the direction between both', async () => {
    const image = join(photos, '3.png');
    const [words, picture, both] = await Promise.all(
      [{text: 'barn'}, {image}, {text: 'barn', image}].map(async (query) => {
        const {results} = (await search({...query, top: 9})).report;
        return new Map(results.map(({metadata, score}) => [metadata['id'], score]));
      }),
    );
    const ratios = [...both!].map(([id, score]) => score / (words!.get(id)! + picture!.get(id)!));
    for (const ratio of ratios) expect(ratio).toBeCloseTo(ratios[0]!, 4);
  });

  it('searches a folder of clip-retrieval, which names no model', async () => {
    const theirs = join(root, 'theirs');
    cpSync(folder, theirs, {recursive: true});
    rmSync(join(theirs, 'embeddings.json'));
    await expect(search({folder: theirs, text: 'barn'})).rejects.toMatchObject({
      message: `${theirs}: expected embeddings that name their model, got none that do`,
      tryThis: 'name the model that made them: --model REF',
    });
    const {report} = await search({folder: theirs, model, image: join(photos, '0.png')});
    expect(report.results[0]!.metadata['id']).toBe('0.png');
  });

  it('says when the query is of another model than the embeddings', async () => {
    const other = await writeUntrainedClip(join(root, 'other'), 1);
    const {notices} = await search({text: 'barn', model: other});
    expect(notices).toEqual([
      `model: the embeddings are of ${model}, and ${other} has other weights or another engine; with other weights the ` +
        'results mean nothing',
    ]);
  });

  it('refuses a query of nothing, and folders without embeddings', async () => {
    await expect(search({})).rejects.toThrow('search: expected words or an image to look for, got neither');
    await expect(search({text: 'barn', folder: photos})).rejects.toMatchObject({exit: exitCodes.data});
    await expect(search({image: join(root, 'none.png')})).rejects.toThrow(
      'expected an image file, got no such',
    );
  });

  it('reads every number of every shard', async () => {
    let rows = 0;
    for (const name of readdirSync(join(folder, 'img_emb'))) {
      for await (const {values} of npyBlocks(join(folder, 'img_emb', name))) rows += values.length / 16;
    }
    expect((await search({text: 'barn'})).report.searched).toBe(rows);
  });
});

describe('searchText', () => {
  it('shows rank, cosine, place and caption', async () => {
    const {report} = await search({image: join(photos, '5.png'), top: 1});
    expect(searchText(report).split('\n')).toEqual([
      `${join(photos, '5.png')}: nearest of 9 images`,
      `   1   1.000  ${join(photos, '5.png')}`,
      '              caption zzzzzz',
    ]);
  });
});
