import {describe, expect, it} from 'vitest';
import sharp from 'sharp';
import {emojiConcept} from '../../../../src/data/emoji/concept.js';
import {emojiTable} from '../../../../src/data/emoji/emoji-table.js';
import {drawnEmoji, fluentEmoji, type DrawnEmoji} from '../../../../src/data/emoji/fluent-emoji.js';
import {loadDomain} from '../../../../src/data/load-domain.js';
import {startPixelThreads} from '../../../../src/data/pixels/pixel-threads.js';
import {evalLevels} from '../../../../src/data/pixels.js';
import {decodeImage} from '../../../../src/data/pixels/decode.js';

const all = await drawnEmoji();
const data = fluentEmoji();
const [captioned, unpaired, test] = await Promise.all([data.captioned(), data.unpaired(), data.test()]);
const parts = [captioned, unpaired, test];

/** The parts that hold an emoji whose name passes. */
function partsOf(passes: (name: string) => boolean): string[] {
  const found = all.filter(({name}) => passes(name));
  expect(found.length).toBeGreaterThan(1);
  return [...new Set(found.map(({part}) => part))];
}

describe('fluentEmoji', () => {
  it('has every drawing without a skin tone once: a tenth with captions, three tenths for the test', () => {
    expect(parts.map((rows) => rows.length)).toEqual([179, 1125, 548]);
    expect(all).toHaveLength(1852);
    expect(new Set(parts.flat().map(({image}) => image.id)).size).toBe(1852);
    expect(new Set(parts.flat().map(({image}) => image.place)).size).toBe(1852);
  });

  it('has no skin tone: no name is that of a variant', () => {
    expect(all.filter(({file}) => /1f3f[b-f]/.test(file))).toEqual([]);
    expect(all.filter(({name}) => name.includes('skin tone'))).toEqual([]);
  });

  it('keeps a concept in one part', () => {
    const byConcept = new Map<string, Set<string>>();
    for (const emoji of all) {
      const concept = emojiConcept(emoji);
      byConcept.set(concept, (byConcept.get(concept) ?? new Set()).add(emoji.part));
    }
    expect(byConcept.size).toBe(1489);
    expect([...byConcept].filter(([, found]) => found.size > 1)).toEqual([]);
  });

  it('keeps every woman, man and person of a name together', () => {
    const named = new Map(all.map((emoji) => [emoji.name, emoji]));
    const apart = all.flatMap((emoji): [DrawnEmoji, DrawnEmoji][] => {
      const words = emoji.name.replace(/^(woman|women|man|men) /, '');
      const others = [words, `person ${words}`, `people ${words}`, `man ${words}`, `men ${words}`];
      return words === emoji.name
        ? []
        : others.flatMap((other) => (named.has(other) ? [[emoji, named.get(other)!]] : []));
    });
    expect(apart.length).toBeGreaterThan(100);
    expect(apart.filter(([emoji, other]) => emoji.part !== other.part)).toEqual([]);
  });

  it.each([
    ['clock faces', (name: string) => /o’clock|-thirty/.test(name)],
    ['families and couples', (name: string) => /^(family|couple with heart|kiss )/.test(name)],
    ['moons', (name: string) => /moon$|moon face$/.test(name)],
    ['keycaps', (name: string) => name.startsWith('keycap')],
    ['pointing hands', (name: string) => name.startsWith('backhand index')],
    [
      'plain hearts of any colour',
      (name: string) => /^(red|orange|green|blue|light blue|pink|black) heart$/.test(name),
    ],
    [
      'circles of any colour',
      (name: string) => /^(red|orange|yellow|green|blue|white|black) circle$/.test(name),
    ],
    [
      'arrows of any direction',
      (name: string) => /^(up|down|left|right|up-left|down-right) arrow$/.test(name),
    ],
    ['heads of any hair', (name: string) => /^(woman|man|person) (red|curly|white|blond) hair$/.test(name)],
  ])('keeps %s together', (_, passes) => {
    expect(partsOf(passes)).toHaveLength(1);
  });

  it('has all nine groups of Unicode in each part', () => {
    const groups = new Set(emojiTable().all.map(({group}) => group));
    for (const part of ['captioned', 'unpaired', 'test']) {
      expect(new Set(all.filter((emoji) => emoji.part === part).map(({group}) => group))).toEqual(groups);
    }
  });

  it('asks for names in the test, and captions with names and keywords', () => {
    const names = new Map(all.map(({file, name}) => [file, name]));
    for (const {image, captions} of test)
      expect(captions).toEqual([names.get(image.part!.path.split('/').at(-1)!)]);
    for (const {image, captions} of captioned) {
      expect(captions[0]).toBe(names.get(image.part!.path.split('/').at(-1)!));
      for (const more of captions.slice(1)) expect(more.startsWith(`${captions[0]}, `)).toBe(true);
    }
    const dog = captioned.concat(test).flatMap(({captions}) => captions);
    expect(dog.filter((caption) => /[^\p{L}\p{N}\p{P}\p{S} ]/u.test(caption))).toEqual([]);
  });

  it('gives uncaptioned images nothing but the image', () => {
    expect(unpaired.filter((row) => Object.keys(row).join() !== 'image')).toEqual([]);
  });

  it('labels with groups that the domain knows, and its subgroups are ones of Unicode', async () => {
    const {classSets} = await loadDomain('emoji');
    const groups = Object.keys(classSets['groups']!.names).sort();
    expect([...new Set([...captioned, ...test].map(({label}) => label))].sort()).toEqual(groups);
    const subgroups = new Set(emojiTable().all.map(({subgroup}) => subgroup));
    expect(Object.keys(classSets['subgroups']!.names).filter((name) => !subgroups.has(name))).toEqual([]);
  });

  it('is drawn on white', async () => {
    const [first] = test;
    const {width, height, pixels255} = await decodeImage(first!.image, 64);
    expect([...pixels255.subarray(0, 3)]).toEqual([255, 255, 255]);
    const blended = await sharp(first!.image.part!.path).flatten({background: 'white'}).raw().toBuffer();
    expect(Buffer.from(pixels255).equals(blended)).toBe(true);
    expect(pixels255).toHaveLength(width * height * 3);
  });

  it('is drawn on white by every thread too', async () => {
    const preprocess = {size: 32, interpolation: 'bicubic', mean: [0, 0, 0], std: [1, 1, 1]} as const;
    const images = test.slice(0, 3).map(({image}) => image);
    const threads = startPixelThreads({threads: 2});
    try {
      const levels = await threads.evaluate(images, preprocess);
      expect(levels.map((one) => [...one])).toEqual(
        (await Promise.all(images.map((image) => evalLevels(image, preprocess)))).map((one) => [...one]),
      );
      expect(levels.every(([first]) => first === 255)).toBe(true);
    } finally {
      await threads.close();
    }
  });
});
