import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {splitNames, splitSet, type SplitReport, type SplitRequest} from '../../../../src/app/data/split.js';
import {openCaptioned, openImages} from '../../../../src/data/open-data.js';
import {labelSplit} from '../../../../src/data/label-split.js';
import {folderOf, tarOfFiles, temporaryFolder} from '../../../support/files-on-disk.js';

const split = async (from: string, request: Partial<SplitRequest> = {}): Promise<SplitReport> => {
  const out = join(await temporaryFolder(), request.to === undefined ? 'few.jsonl' : 'few');
  const plain = {ratio: undefined, shots: undefined, stratified: false, groupKey: undefined, seed: 0};
  const own = {
    from,
    to: undefined,
    out,
    keys: {},
    shardRows: 100,
    names: ['labelled', 'unlabelled'] as const,
  };
  const steps = splitSet({...plain, ...own, ...request});
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
};

const files = Array.from({length: 20}, (_, i) => `${String(i).padStart(2, '0')}.jpg`);
const images = Object.fromEntries(files.map((file) => [file, `image ${file}`]));
const manifest = files
  .map((file, i) =>
    JSON.stringify({file, caption: `caption ${i}`, class: i % 4 === 0 ? 'rare' : 'common', product: i >> 1}),
  )
  .join('\n');
const source = () => folderOf({...images, 'manifest.jsonl': manifest});
const ids = async (path: string, name: string) =>
  (await openImages(path, {split: name})).rows.map(({image}) => image.place.slice(-6));

describe('splitSet', () => {
  it('names the images where they lie; both parts can be trained on', async () => {
    const from = await source();
    const {out, parts} = await split(from, {ratio: 0.3, seed: 2});
    expect(parts.map((part) => [part.split, part.images])).toEqual([
      ['labelled', 6],
      ['unlabelled', 14],
    ]);
    const chosen = [...labelSplit(20, 0.3, 2).labelled].sort((a, b) => a - b).map((i) => files[i]);
    expect(await ids(out, 'labelled')).toEqual(chosen);
    const captioned = await openCaptioned(out, {split: 'labelled'});
    expect(captioned.rows.map(({captions}) => captions)).toEqual(
      chosen.map((file) => [`caption ${Number(file!.slice(0, 2))}`]),
    );
    expect(String(await captioned.rows[0]!.image.read())).toBe(`image ${chosen[0]}`);
    expect([...(await ids(out, 'unlabelled')), ...chosen].sort()).toEqual(files);
  });

  it('copies images, from archives too, in any format', async () => {
    const from = await tarOfFiles({...images, 'manifest.jsonl': manifest});
    for (const to of ['pairs', 'webdataset', 'parquet', 'json-lines']) {
      const {out, parts, short} = await split(from, {shots: 6, to});
      expect(parts).toEqual([
        {split: 'labelled', images: 11, classes: 2},
        {split: 'unlabelled', images: 9, classes: 1},
      ]);
      expect(short).toEqual(['rare']);
      expect((await openCaptioned(out, {split: 'labelled'})).rows).toHaveLength(11);
      expect((await openImages(out, {split: 'unlabelled'})).rows).toHaveLength(9);
    }
  });

  it('keeps groups together', async () => {
    const {out} = await split(await source(), {ratio: 0.5, groupKey: 'product', names: ['train', 'test']});
    const train = (await ids(out, 'train')).map((file) => Number(file.slice(0, 2)) >> 1);
    const test = (await ids(out, 'test')).map((file) => Number(file.slice(0, 2)) >> 1);
    expect(train.filter((product) => test.includes(product))).toEqual([]);
    expect(new Set(train).size).toBe(5);
  });

  it('says in one sentence what is wrong', async () => {
    const from = await source();
    const plain = await folderOf(images);
    const archive = await tarOfFiles(images);
    const refusal = (path: string, request: Partial<SplitRequest>) =>
      split(path, request).then(String, (error: Error) => error.message.replaceAll(path, 'FROM'));
    expect(await refusal(from, {})).toBe('data split: expected --ratio or --shots, got neither');
    expect(await refusal(from, {ratio: 0.1, shots: 1})).toBe(
      'data split: expected --ratio or --shots, got both',
    );
    expect(await refusal(from, {ratio: 0.01})).toBe(
      'FROM: expected images in both parts, got none of 20 in labelled',
    );
    expect(await refusal(from, {shots: 99})).toBe(
      'FROM: expected images in both parts, got none of 20 in unlabelled',
    );
    expect(await refusal(plain, {shots: 2})).toBe('FROM: expected images with a class, got 20 without');
    expect(await refusal(from, {ratio: 0.5, groupKey: 'produkt'})).toBe(
      'FROM: --group-key: expected a column of the set, got produkt (it has file, caption, class, product)',
    );
    await expect(split(from, {ratio: 0.5, groupKey: 'produkt'})).rejects.toMatchObject({
      tryThis: '--group-key product',
    });
    expect(await refusal(archive, {ratio: 0.5})).toBe(
      'FROM: 00.jpg: expected an image file that a table can name, got one in an archive',
    );
    expect(await refusal(from, {ratio: 0.5, out: 'few.csv'})).toBe(
      '--out: expected a table that ends with .jsonl, got few.csv',
    );
    const there = join(await folderOf({'x.jsonl': 'mine'}), 'x.jsonl');
    expect(await refusal(from, {ratio: 0.5, out: there})).toBe(
      `${there}: expected a new file, got one that is there`,
    );
  });
});

describe('splitNames', () => {
  it('takes two different names in their usual spelling', () => {
    expect(splitNames('Training, valid')).toEqual(['train', 'val']);
    for (const wrong of ['a', 'a,a', 'a,b,c', 'all,b', '../x,b', 'train,training']) {
      expect(() => splitNames(wrong)).toThrow(
        `--names: expected two different names such as train,test, got ${wrong}`,
      );
    }
  });
});
