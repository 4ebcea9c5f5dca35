import {existsSync} from 'node:fs';
import {readFile, readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {convertSet, type ConvertRequest} from '../../../../src/app/data/convert.js';
import {openLabelled} from '../../../../src/data/labels.js';
import {openCaptioned, openImages} from '../../../../src/data/open-data.js';
import {exitCodes} from '../../../../src/support/errors.js';
import {folderOf, tarOfFiles, temporaryFolder, type Files} from '../../../support/files-on-disk.js';

const formats = [
  'csv',
  'json-lines',
  'imagefolder',
  'pairs',
  'open-clip',
  'karpathy',
  'coco',
  'parquet',
  'webdataset',
] as const;

const convert = async (from: string, to: string, request: Partial<ConvertRequest> = {}) => {
  const out = join(await temporaryFolder(), 'out');
  const steps = convertSet({from, to, out, keys: {}, shardRows: 2, ...request});
  let done = 0;
  for (;;) {
    const step = await steps.next();
    if (step.done) return {...step.value, done};
    if (step.value.type === 'progress') done = step.value.done;
  }
};

const rows = [
  {
    file: 'x/b.jpg',
    captions: ['a river', 'water, "deep" and\nwide'],
    class: 'River',
    split: 'train',
    product: 7,
  },
  {file: 'a.png', captions: [' a lake '], class: 'Lake', split: 'val'},
  {file: 'c.webp', captions: [], class: 'Lake', split: 'train', product: 'x'},
  {file: 'd.webp', captions: ['one\ttab'], class: 'Sea', split: 'train'},
];
const images: Files = {
  'images/x/b.jpg': 'first',
  'images/a.png': 'second image',
  'images/c.webp': 'third one',
  'images/d.webp': 'the fourth',
};
const manifest = (list: readonly object[]) => list.map((row) => `${JSON.stringify(row)}\n`).join('');
const source = () => folderOf({...images, 'manifest.jsonl': manifest(rows)});
const contents = async (list: readonly {readonly image: {read(): Promise<Buffer>}}[]) =>
  (await Promise.all(list.map((row) => row.image.read()))).map(String);

describe('convertSet', () => {
  it.each(formats)('keeps bytes, order, captions, classes and splits as %s', async (to) => {
    const {out, images: count, captions, parts, done} = await convert(await source(), to);
    expect([count, captions, done]).toEqual([4, 4, 4]);
    const train = await openCaptioned(out);
    expect(train.rows.map((row) => row.captions)).toEqual([rows[0]!.captions, rows[3]!.captions]);
    expect(await contents(train.rows)).toEqual(['first', 'the fourth']);
    const original = await openCaptioned(await source());
    expect(train.fingerprint).toBe(original.fingerprint);
    const labels = await openLabelled(out, {split: 'train'});
    expect(labels.rows.map(({label}) => label)).toEqual(['River', 'Lake', 'Sea']);
    expect(await contents((await openImages(out, {split: 'val'})).rows)).toEqual(['second image']);
    expect(parts.map((part) => [part.split, part.images])).toEqual([
      ['train', 3],
      ['val', 1],
    ]);
  });

  it.each(formats)('comes back from %s as it was', async (to) => {
    const plain = rows.map(({file, captions}) => ({file, captions}));
    const first = await folderOf({...images, 'manifest.jsonl': manifest(plain)});
    const there = await convert(first, to);
    const back = await convert(there.out, 'json-lines');
    expect(back.parts[0]!.fingerprint).toBe((await convert(first, 'csv')).parts[0]!.fingerprint);
  });

  it('keeps what else is said where the format has a place, and tells what it drops', async () => {
    const kept = await convert(await source(), 'json-lines');
    expect(kept.dropped).toEqual([]);
    const lines = (await readFile(join(kept.out, 'manifest.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => (JSON.parse(line) as {product?: unknown}).product)).toEqual([
      7,
      undefined,
      'x',
      undefined,
    ]);
    expect((await convert(await source(), 'parquet')).dropped).toEqual(['product']);
  });

  it('keeps names of plain files that are safe, and numbers them where names would change the order', async () => {
    const {out} = await convert(await source(), 'csv');
    expect((await readdir(join(out, 'images'))).sort()).toEqual(['a.png', 'b.jpg', 'c.webp', 'd.webp']);
    const pairs = await convert(await source(), 'pairs');
    expect((await readdir(join(pairs.out, 'train'))).filter((name) => !/txt|json/.test(name)).sort()).toEqual(
      ['000000.jpg', '000002.webp', '000003.webp'],
    );
    const unsafe = await folderOf({'ä.jpg': 'x', 'b c.jpg': 'y'});
    expect(await readdir(join((await convert(unsafe, 'csv')).out, 'images'))).toEqual([
      '000000.jpg',
      '000001.jpg',
    ]);
    const twice = await folderOf({'x/A.jpg': '1', 'y/a.jpg': '2'});
    expect(await readdir(join((await convert(twice, 'csv')).out, 'images'))).toEqual([
      '000000.jpg',
      '000001.jpg',
    ]);
  });

  it('never lets a name of an archive reach the disk', async () => {
    const archive = await tarOfFiles({'evil-name.jpg': 'x', 'evil-name.txt': 'caption'});
    for (const to of formats) {
      const {out} = await convert(archive, to);
      const files = await readdir(out, {recursive: true});
      expect(files.filter((file) => file.includes('evil'))).toEqual([]);
    }
  });

  it('takes one split', async () => {
    const {parts} = await convert(`${await source()}#val`, 'csv');
    expect(parts.map((part) => [part.split, part.images])).toEqual([['val', 1]]);
  });

  it('leaves nothing behind when it fails', async () => {
    const folder = await temporaryFolder();
    const out = join(folder, 'out');
    const gone = await folderOf({'a.jpg': 'x', 'captions.csv': 'file,caption,split\na.jpg,x,other'});
    await expect(convert(gone, 'coco', {out})).rejects.toMatchObject({
      message: '--to coco: expected the splits train and val, got other',
      tryThis: '--to karpathy, which takes any split',
    });
    expect(await readdir(folder)).toEqual([]);
  });

  it('refuses a format it does not know and a folder that holds something', async () => {
    await expect(convert('x', 'parket')).rejects.toMatchObject({
      message:
        '--to: expected a known format, got parket (known: coco, csv, imagefolder, json-lines, karpathy, open-clip, pairs, ' +
        'parquet, webdataset; did you mean parquet?)',
      exit: exitCodes.usage,
    });
    const full = await folderOf({'notes.txt': 'mine'});
    await expect(convert(await source(), 'csv', {out: full})).rejects.toThrow(
      `${full}: expected a new or an empty folder, got 1 entries`,
    );
    expect(existsSync(join(full, 'notes.txt'))).toBe(true);
    await expect(convert('domain:toy', 'csv')).rejects.toThrow('domain:toy: expected a set on disk');
  });
});

describe('a published set', () => {
  const figures: Files = {
    'SciCap-Caption-All/train/a.json': JSON.stringify({
      'figure-ID': 'a.png',
      '0-originally-extracted': 'Figure 1: 😀 of it',
    }),
    'SciCap-Caption-All/train/b.json': JSON.stringify({
      'figure-ID': 'b.png',
      '0-originally-extracted': 'short',
    }),
    'SciCap-No-Subfig-Img/train/a.png': 'x',
  };

  it('is written in any format, with captions cut where that is asked for and missing images told', async () => {
    const folder = await folderOf(figures);
    await expect(convert(folder, 'csv', {source: 'scicap'})).rejects.toThrow('got none for b.png');
    const {out, images: count} = await convert(folder, 'csv', {
      source: 'scicap',
      skipMissing: true,
      maxChars: 11,
    });
    expect(count).toBe(1);
    expect((await openCaptioned(out)).rows.map(({captions}) => captions)).toEqual([['Figure 1: 😀']]);
  });
});
