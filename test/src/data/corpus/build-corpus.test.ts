import {mkdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {buildCorpus, corpusParts, type CorpusReport} from '../../../../src/data/corpus/build-corpus.js';
import {readIconSet, type IconSet} from '../../../../src/data/corpus/icon-set.js';
import {decodeImage} from '../../../../src/data/pixels/decode.js';
import {openCaptioned} from '../../../../src/data/open-data.js';
import {openLabelled} from '../../../../src/data/labels.js';
import {discs, writeIconSet} from '../../../support/icon-set-folder.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();
const choices = {size: 24, variants: 3, heldOutShare: 0.3, seed: 2};
let sets: {train: IconSet[]; heldOut: IconSet};
let report: CorpusReport;

async function build(name: string): Promise<CorpusReport> {
  mkdirSync(join(root, name));
  return buildCorpus(join(root, name), sets, choices, () => undefined);
}

beforeAll(async () => {
  const read = (prefix: string, icons: Readonly<Record<string, string>>) =>
    readIconSet(writeIconSet(join(root, prefix), {prefix, spdx: 'CC-BY-4.0', icons}), prefix);
  sets = {
    train: [
      await read('first', discs),
      await read('second', {...discs, 'waving-hand-light-skin-tone': 'pink', 'hot-sauce-2-filled': 'red'}),
    ],
    heldOut: await read('third', {...discs, gadget: 'grey'}),
  };
  report = await build('corpus');
});

const part = (name: (typeof corpusParts)[number]) => join(root, 'corpus', `${name}.tar`);
async function manifest(name: (typeof corpusParts)[number]) {
  const {rows} = await openCaptioned(part(name));
  return [...rows].map(({image, captions}) => ({id: image.id, captions}));
}

describe('buildCorpus', () => {
  it('the same sets and choices give the same bytes', async () => {
    await build('again');
    for (const name of corpusParts) {
      expect(readFileSync(join(root, 'again', `${name}.tar`)).equals(readFileSync(part(name)))).toBe(true);
    }
  });

  it('no held-out emoji is learnt in any style, and the held-out style not at all', async () => {
    const learnt = (await manifest('train')).map(({captions}) => captions[0]);
    const concepts = (await manifest('held-out-concepts')).map(({captions}) => captions[0]);
    expect(concepts.length).toBeGreaterThan(0);
    expect(learnt.filter((name) => concepts.includes(name))).toEqual([]);
    expect(report.licences.map(({package: name, use}) => [name, use])).toEqual([
      ['first@1.0.0', 'train'],
      ['second@1.0.0', 'train'],
      ['third@1.0.0', 'held-out-style'],
    ]);
    expect(new Set([...learnt, ...concepts])).toEqual(
      new Set([...(await manifest('held-out-style')).map(({captions}) => captions[0]), 'hot sauce']),
    );
  });

  it('counts what it drew', async () => {
    const {train, ...measured} = report.parts;
    expect(train.images).toBe(3 * train.pictures);
    expect((await manifest('train')).length).toBe(train.images);
    expect(train.concepts + measured['held-out-concepts'].concepts).toBe(12 + 1);
    expect(measured['held-out-style']).toEqual({pictures: 12, concepts: 12, images: 12});
  });

  it('captions tell name, templates and keywords; what is measured has the name alone and a group', async () => {
    const tomato = (await manifest('train')).find(({captions}) => captions[0] === 'tomato')!;
    expect(tomato.captions.filter((caption) => caption === 'tomato')).toHaveLength(3);
    expect(tomato.captions).toContain('an emoji of a tomato.');
    expect(
      tomato.captions.some((caption) => caption.startsWith('tomato, ') && caption.includes('fruit')),
    ).toBe(true);
    const icon = (await manifest('train')).find(({captions}) => captions[0] === 'hot sauce')!;
    expect(icon.captions).toEqual(['hot sauce', 'hot sauce', 'an icon of a hot sauce.', 'a hot sauce icon.']);
    const labelled = await openLabelled(part('held-out-style'));
    const names = [...labelled.rows].map(({captions, label}) => [captions, label]);
    expect(names).toContainEqual([['tomato'], 'Food & Drink']);
  });

  it('skin-tone variants are left out', async () => {
    const names = (await manifest('train')).map(({captions}) => captions[0]);
    expect(names.filter((name) => /hand|tone/.test(name!))).toEqual([]);
  });

  it('the first drawing is the icon on white, the others differ from it and from each other', async () => {
    const {rows} = await openCaptioned(part('train'));
    const drawn = [...rows].filter(({captions}) => captions[0] === 'tomato').slice(0, 3);
    const images = await Promise.all(drawn.map(({image}) => decodeImage(image, 24)));
    expect(images.map(({width, height}) => [width, height])).toEqual(Array(3).fill([24, 24]));
    const [plain] = images;
    expect([...plain!.pixels255.subarray(0, 3)]).toEqual([255, 255, 255]);
    const middle = 3 * (12 * 24 + 12);
    expect([...plain!.pixels255.subarray(middle, middle + 3)]).toEqual([255, 99, 71]);
    const texts = images.map(({pixels255}) => Buffer.from(pixels255).toString('base64'));
    expect(new Set(texts).size).toBe(3);
  });
});
