import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {beforeAll, describe, expect, it} from 'vitest';
import {entropy} from '../../../src/app/plan-row.js';
import {showPseudoLabels, type PseudoReport, type PseudoShowOptions} from '../../../src/app/pseudo-show.js';
import {exitCodes, UserError} from '../../../src/support/errors.js';
import {temporaryFolder} from '../../support/temporary-folder.js';
import {writeUntrainedClip} from '../../support/untrained-clip.js';

const root = temporaryFolder();
const captioned = join(root, 'pairs');
const unpaired = join(root, 'photos');
const keywords = join(root, 'keywords.txt');
const captions = [
  'a red barn',
  'a green field',
  'a blue pond',
  'a barn near a pond',
  'a grey road',
  'a white fence',
];
let base: Omit<PseudoShowOptions, 'images'>;

async function colour(path: string, i: number): Promise<void> {
  const background = {r: (i * 67) % 256, g: (i * 31 + 40) % 256, b: (i * 113) % 256};
  await sharp({create: {width: 20, height: 20, channels: 3, background}})
    .png()
    .toFile(path);
}

beforeAll(async () => {
  mkdirSync(join(captioned, 'images'), {recursive: true});
  mkdirSync(unpaired);
  for (const i of captions.keys()) await colour(join(captioned, 'images', `${i}.png`), i);
  for (let i = 0; i < 9; i++) await colour(join(unpaired, `photo${i}.png`), 20 + i);
  const lines = captions.map((caption, i) => JSON.stringify({file: `${i}.png`, captions: [caption]}));
  writeFileSync(join(captioned, 'manifest.jsonl'), lines.join('\n'));
  writeFileSync(keywords, 'barn\npond\nroad\nred barn\n');
  base = {
    captioned,
    unpaired,
    model: await writeUntrainedClip(join(root, 'clip')),
    keywords,
    transport: 'ot',
    assign: 'image',
    keywordTarget: 'ratio',
    keywordMatching: 'words',
    seed: 0,
    top: 3,
    engine: 'cpu',
  };
});

async function show(options: Partial<PseudoShowOptions>): Promise<{report: PseudoReport; notices: string[]}> {
  const notices: string[] = [];
  const work = showPseudoLabels({...base, images: ['photo0.png'], ...options});
  for (;;) {
    const {done, value} = await work.next();
    if (done) return {report: value, notices};
    if (value.type === 'notice') notices.push(value.message);
  }
}

describe('showPseudoLabels', () => {
  it('fills the batch with uncaptioned images until it is square', async () => {
    const {report, notices} = await show({images: ['photo0.png', 'photo3.png']});
    expect(report).toMatchObject({rows: 6, columns: 6, iterations: 10, transport: 'ot', assign: 'image'});
    expect(report.images.map(({image}) => image)).toEqual([
      expect.stringContaining('photo0.png'),
      expect.stringContaining('photo3.png'),
    ]);
    expect(notices).toEqual([]);
  });

  it('shows weights that are the whole row when all captions are shown', async () => {
    const {report} = await show({top: 6});
    const [label] = report.images;
    const weights = label!.captions.map(({weight}) => weight);
    expect(weights.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(weights).toEqual([...weights].sort((a, b) => b - a));
    expect(label!.entropy).toBeCloseTo(entropy(weights), 12);
    expect(label!.effectiveCaptions).toBeCloseTo(Math.exp(entropy(weights)), 12);
    expect(label!.captions.map(({caption}) => caption).sort()).toEqual([...captions].sort());
  });

  it('gives the soft-max of the cosines with soft, and the nearest alone with hard', async () => {
    const soft = (await show({transport: 'soft', top: 6})).report;
    const powers = soft.images[0]!.captions.map(({cosine}) => Math.exp(soft.scale * cosine));
    const sum = powers.reduce((a, b) => a + b);
    soft.images[0]!.captions.forEach(({weight}, j) => expect(weight).toBeCloseTo(powers[j]! / sum, 10));
    const hard = (await show({transport: 'hard', top: 1})).report.images[0]!;
    expect(hard.captions[0]).toMatchObject({
      weight: 1,
      image: hard.nearest.image,
      caption: hard.nearest.caption,
    });
    expect(hard.entropy).toBe(0);
  });

  it('compares with the captions themselves when asked, and still names the nearest image', async () => {
    const byImage = (await show({transport: 'soft'})).report.images[0]!;
    const byText = (await show({transport: 'soft', assign: 'text'})).report.images[0]!;
    expect(byText.nearest).toEqual(byImage.nearest);
    expect(byText.captions[0]!.cosine).not.toBeCloseTo(byImage.captions[0]!.cosine, 6);
  });

  it('takes the keywords of the caption with the largest weight, shares summing to 1', async () => {
    const {report} = await show({
      transport: 'hard',
      keywordTarget: 'softmax',
      images: ['photo0.png', 'photo1.png', 'photo2.png', 'photo4.png'],
    });
    for (const {captions: shown, keywords: targets} of report.images) {
      const expected = ['barn', 'pond', 'road', 'red barn'].filter((word) =>
        ` ${shown[0]!.caption} `.includes(` ${word} `),
      );
      expect(targets!.map(({keyword}) => keyword).sort()).toEqual(expected.sort());
      const sum = targets!.reduce((total, {weight}) => total + weight, 0);
      expect(sum).toBeCloseTo(expected.length > 0 ? 1 : 0, 12);
    }
  });

  it('takes an image file as well as the id of an uncaptioned image, with the same row', async () => {
    const byId = (await show({})).report.images[0]!;
    const byPath = (await show({images: [join(unpaired, 'photo0.png')], transport: 'soft'})).report
      .images[0]!;
    const soft = (await show({transport: 'soft'})).report.images[0]!;
    expect(byPath.captions.map(({weight}) => weight)).toEqual(soft.captions.map(({weight}) => weight));
    expect(byId.nearest).toEqual(byPath.nearest);
  });

  it('warns that a lone image must take every caption, and shows that it does', async () => {
    const {report, notices} = await show({
      unpaired: undefined,
      images: [join(unpaired, 'photo0.png')],
      top: 6,
    });
    expect(notices).toEqual([
      'plan: 1 image shares 6 captions, and transport makes them take all: --unpaired PATH fills the batch up as in ' +
        'training, --batch N makes it smaller',
    ]);
    report.images[0]!.captions.forEach(({weight}) => expect(weight).toBeCloseTo(1 / 6, 12));
  });

  it('draws the sample by the seed', async () => {
    const columns = async (seed: number) => {
      const {report} = await show({batch: 3, seed, top: 3, transport: 'soft'});
      expect([report.rows, report.columns]).toEqual([3, 3]);
      return report.images[0]!.captions.map(({caption}) => caption).sort();
    };
    expect(await columns(1)).toEqual(await columns(1));
    const seen = new Set(
      [await columns(1), await columns(2), await columns(3)].map((list) => list.join('|')),
    );
    expect(seen.size).toBeGreaterThan(1);
  });

  it('leaves keywords out without a list, and says so', async () => {
    const {report, notices} = await show({keywords: undefined});
    expect(report.images[0]!.keywords).toBeUndefined();
    expect(notices).toEqual([
      'keywords: none given, so no keyword targets (--keywords FILE or --domain NAME)',
    ]);
  });

  it('refuses an image that is nowhere, with the nearest name', async () => {
    const error = await show({images: ['photo.png']}).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UserError);
    expect((error as UserError).message).toBe(
      'photo.png: expected an image file or the id of an uncaptioned image, got neither (did you mean photo0.png?)',
    );
    expect((error as UserError).exit).toBe(exitCodes.data);
  });
});
