import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {describe, expect, it} from 'vitest';
import {dataStats, type StatsReport, type StatsRequest} from '../../../../src/app/data/stats.js';
import {folderOf} from '../../../support/files-on-disk.js';
import {drawnPicture} from '../../../support/mutated-corpus.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';
import {writeUntrainedClip} from '../../../support/untrained-clip.js';

const root = temporaryFolder();

async function stats(set: string, options: Partial<StatsRequest> = {}): Promise<StatsReport> {
  const request = {
    set,
    split: undefined,
    keys: {},
    model: undefined,
    images: 100,
    out: undefined,
    ...options,
  };
  const events = dataStats(request);
  for (;;) {
    const {done, value} = await events.next();
    if (done) return value;
  }
}

async function smallSet(): Promise<string> {
  const sized = (i: number, width: number, height: number) =>
    drawnPicture(i).resize(width, height, {fit: 'fill'}).png().toBuffer();
  const rows = [
    {file: 'a.png', captions: ['a red bird', 'a red bird'], class: 'bird', split: 'train'},
    {file: 'b.png', captions: ["the cat's <b>"], class: 'cat', split: 'train'},
    {file: 'c.png', captions: [], class: 'cat', split: 'test'},
    {file: 'gone.png', captions: [`${'long '.repeat(90)}`]},
  ];
  return folderOf({
    'a.png': await sized(1, 60, 60),
    'b.png': await sized(2, 200, 50),
    'c.png': 'no image',
    'manifest.jsonl': rows.map((row) => `${JSON.stringify(row)}\n`).join('') + '{"file": 5}\n',
  });
}

describe('dataStats', () => {
  it('counts captions, words, sizes, classes, splits, and what is amiss', async () => {
    const {captions, images, ...report} = await stats(await smallSet());
    expect(report).toMatchObject({rows: 4, missing: 1, unreadableRows: 1, out: null});
    expect(report.classes).toEqual([
      {name: 'cat', count: 2},
      {name: 'bird', count: 1},
    ]);
    expect(report.splits).toEqual([
      {name: 'train', count: 2},
      {name: 'test', count: 1},
    ]);
    expect(captions).toMatchObject({captions: 4, distinct: 3, vocabulary: 7, tooLong: 1});
    expect(captions.repeated).toEqual([{caption: 'a red bird', count: 2}]);
    expect(captions.perImage.summary).toEqual({least: 0, median: 1, mean: 1, p95: 2, most: 2});
    expect(captions.words.summary).toMatchObject({least: 3, most: 90});
    expect(images).toMatchObject({read: 2, unreadable: 1, formats: [{name: 'png', count: 2}]});
    expect(images.shortSide.summary).toMatchObject({least: 50, most: 60});
    expect(images.aspects.map(({count}) => count)).toEqual([1, 0, 0, 0, 1]);
  });

  it('counts the tokens of a model that is named', async () => {
    const model = await writeUntrainedClip(join(root, 'clip'));
    const {tokens, captions} = await stats(await smallSet(), {model});
    expect(tokens.by).toBe(model);
    expect(tokens.context).toBeLessThan(77);
    expect(captions.tokens.summary!.most).toBeGreaterThan(tokens.context);
  });

  it('draws charts as SVG, PNG or a page that refers to nothing else', async () => {
    const set = await smallSet();
    const files = ['svg', 'png', 'html'].map((kind) => join(root, `charts.${kind}`));
    for (const out of files) await stats(set, {out});
    const svg = readFileSync(files[0]!, 'utf8');
    for (const title of ['captions an image', 'shorter side', 'classes', 'formats'])
      expect(svg).toContain(title);
    expect((await sharp(files[1]).metadata()).width).toBe(2 * 976);
    const html = readFileSync(files[2]!, 'utf8');
    expect(html).toMatch(/^<!doctype html>[^]*Content-Security-Policy[^]*<svg/);
    expect(html.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:|<script|url\(/);
  });

  it('refuses other endings before any work, and sets without images', async () => {
    await expect(stats('none', {out: 'charts.pdf'})).rejects.toThrow(
      '--out: expected a file that ends in .svg, .png or .html',
    );
    await expect(stats(await folderOf({'captions.csv': 'file,caption\n'}))).rejects.toThrow(
      'expected images, got none',
    );
  });
});
