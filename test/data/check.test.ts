import {createHash} from 'node:crypto';
import sharp from 'sharp';
import {fileURLToPath} from 'node:url';
import {describe, expect, it} from 'vitest';
import {checkData} from '../../src/app/data/check.js';
import type {CheckReport} from '../../src/app/data/check-report.js';
import {alikeImages} from '../../src/data/check/alike-images.js';
import {lookAtImage} from '../../src/data/check/look-at-image.js';
import {estimatedTokens} from '../../src/data/check/token-estimate.js';
import {readMergeTable} from '../../src/model/tokenizer/merge-table.js';
import {readSharedSet, textsOf} from '../support/shared-set.js';

const shared = (path: string) => fileURLToPath(new URL(`../../../shared/data/${path}`, import.meta.url));
const options = {mostPixels: 25e6, leastSide: 8, decode: true};

/** Copies as they come about. */
const copies: Readonly<Record<string, (image: Buffer, width: number, height: number) => Promise<Buffer>>> = {
  reencoded: (image) => onWhite(image).jpeg({quality: 75}).toBuffer(),
  resized: (image, width, height) =>
    onWhite(image)
      .resize(Math.round(0.6 * width), Math.round(0.6 * height), {fit: 'fill'})
      .png()
      .toBuffer(),
  brightened: (image) => onWhite(image).modulate({brightness: 1.08}).png().toBuffer(),
  cropped: (image, width, height) => {
    const [left, top] = [Math.round(0.01 * width), Math.round(0.01 * height)];
    return onWhite(image)
      .extract({left, top, width: width - 2 * left, height: height - 2 * top})
      .png()
      .toBuffer();
  },
};
const onWhite = (image: Buffer) => sharp(image).flatten({background: 'white'});

/** Images of a set that copies are searched among, at most. */
const mostOthers = 1000;

/** The share of planted copies that are found as near-duplicates of their original, among other images of the set. */
async function recall(name: string, originals: number): Promise<{found: number; planted: number}> {
  const all = [...(await readSharedSet(name)).images.values()];
  const images = all.filter((_, i) => i % Math.ceil(all.length / mostOthers) === 0);
  const step = Math.floor(images.length / originals);
  const alike = alikeImages();
  for (const image of images) alike.add(0, await lookAtImage(image, '', options));
  const seen = new Set(images.map(digestOf));
  const planted: number[] = [];
  for (let i = 0; i < originals; i++) {
    const image = images[i * step]!;
    const {width, height} = await sharp(image).metadata();
    for (const copy of Object.values(copies)) {
      const made = await copy(image, width, height);
      // sprites that differ in what is transparent have the same copies
      if (!seen.has(digestOf(made))) planted.push(alike.length);
      seen.add(digestOf(made));
      alike.add(1, await lookAtImage(made, '', options));
    }
  }
  const near = new Map([...alike.near()].map(({image, earlier}) => [image, earlier]));
  const found = planted.filter((copy) => near.get(copy)?.some((other) => other < images.length));
  return {found: found.length, planted: planted.length};
}

const digestOf = (image: Buffer) => createHash('sha256').update(image).digest('hex');

describe('near-duplicates', () => {
  it.each(['ucm', 'clothing', 'magento', 'wesnoth'])(
    'of %s that are planted are found in 99 of 100',
    async (name) => {
      const {found, planted} = await recall(name, 150);
      expect(found / planted).toBeGreaterThanOrEqual(0.99);
    },
  );

  it('of UCM, clothing and RSSCN7 are named in at most 1 of 200 images', async () => {
    for (const name of ['ucm', 'clothing', 'rsscn7']) {
      const {sets} = await check([['unpaired', `${name}.tar`]]);
      const {rows, problems} = sets[0]!;
      expect((problems['near-duplicate'] ?? 0) / rows).toBeLessThan(1 / 200);
    }
  });
});

async function check(
  sets: readonly (readonly [role: 'captioned' | 'unpaired' | 'evaluate', path: string])[],
): Promise<CheckReport> {
  const events = checkData({
    sets: sets.map(([role, path]) => ({role, reference: shared(path)})),
    ...{maxBad: '0', bad: undefined, near: true, model: undefined, listed: 100, out: undefined},
    look: options,
  });
  for (;;) {
    const {done, value} = await events.next();
    if (done) return value;
  }
}

it('UCM has no leak from its training to its validation images', async () => {
  const {problems, bad} = await check([
    ['captioned', 'ucm.tar#train'],
    ['evaluate', 'ucm.tar#val'],
  ]);
  expect(problems.filter(({kind}) => kind.endsWith('leak'))).toEqual([]);
  expect(bad.rows).toBe(0);
});

it('the estimate of tokens is near what the tokenizer of CLIP counts', async () => {
  const tokenizer = await readMergeTable(shared('bpe_simple_vocab_16e6.txt.gz'), 49_408);
  for (const name of ['ucm', 'magento', 'openstax', 'wesnoth']) {
    const texts = textsOf(await readSharedSet(name))
      .filter((text) => text.includes(' '))
      .slice(0, 3000);
    const sum = (of: (text: string) => number) => texts.reduce((total, text) => total + of(text), 0);
    const share = sum(estimatedTokens) / sum((text) => tokenizer.tokens(text).length + 2);
    expect(share).toBeGreaterThan(0.95);
    expect(share).toBeLessThan(1.05);
  }
});
