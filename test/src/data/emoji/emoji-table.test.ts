import {expect, it} from 'vitest';
import {emojiTable} from '../../../../src/data/emoji/emoji-table.js';
import {codePointsOf, parseCodePoints, withoutSkinTone} from '../../../../src/data/emoji/code-points.js';

const table = emojiTable();

it('an emoji is found by its code points, with name, keywords, group and subgroup', () => {
  expect(table.find('1f436')).toEqual({
    codePoints: '1f436',
    name: 'dog face',
    keywords: ['animal', 'friend', 'nature', 'woof', 'puppy', 'pet', 'faithful'],
    group: 'Animals & Nature',
    subgroup: 'animal-mammal',
    isSkinToneVariant: false,
  });
});

it('a skin-tone variant is its emoji, and says so', () => {
  expect(table.find('1f44b-1f3ff')).toMatchObject({
    codePoints: '1f44b',
    name: 'waving hand',
    subgroup: 'hand-fingers-open',
    isSkinToneVariant: true,
  });
  expect(table.find('1f468-1f3fb-200d-2695')).toMatchObject({
    name: 'man health worker',
    isSkinToneVariant: true,
  });
});

it('what is no emoji is not found', () => {
  expect(table.find('0041')).toBeUndefined();
  expect(table.find('1f3fb')).toBeUndefined();
});

it('holds each of the 1,914 emoji once, in nine groups, all but the eight newest with a subgroup', () => {
  expect(table.all).toHaveLength(1914);
  expect(new Set(table.all.map(({codePoints}) => codePoints)).size).toBe(1914);
  expect(new Set(table.all.map(({group}) => group)).size).toBe(9);
  expect(table.all.filter(({subgroup}) => subgroup === undefined).map(({name}) => name)).toEqual([
    'distorted face',
    'fight cloud',
    'hairy creature',
    'ballet dancer',
    'orca',
    'landslide',
    'trombone',
    'treasure chest',
  ]);
});

it('keywords never repeat the name', () => {
  expect(table.all.filter(({name, keywords}) => keywords.includes(name))).toEqual([]);
});

it('code points have one spelling', () => {
  expect(codePointsOf('✂️')).toBe('2702');
  expect(codePointsOf('#️⃣')).toBe('0023-20e3');
  expect(parseCodePoints('1F468-200D-2695-FE0F')).toBe('1f468-200d-2695');
  expect(parseCodePoints('1f468_200d_2695')).toBe('1f468-200d-2695');
  expect(parseCodePoints('airplane')).toBeUndefined();
  expect(parseCodePoints('dad')).toBeUndefined();
  expect(withoutSkinTone('1f3fb')).toBe('1f3fb');
});
