import {describe, expect, it} from 'vitest';
import {clauses, stemmer} from '../../../../src/data/keywords/stems.js';

const stemOf = stemmer();

describe('clauses', () => {
  it('parts words at every sign but an apostrophe between letters, and clauses at punctuation before a space', () => {
    expect(clauses("Dark-green boats, a man's pier. No. 3 'x'")).toEqual([
      ['Dark', 'green', 'boats'],
      ['a', "man's", 'pier'],
      ['No'],
      ['3', 'x'],
    ]);
    expect(clauses('There is a river .')).toEqual([['There', 'is', 'a', 'river']]);
    expect(clauses('3.5 km, 1:20')).toEqual([
      ['3', '5', 'km'],
      ['1', '20'],
    ]);
    expect(clauses(' ... ')).toEqual([]);
  });

  it('keeps letters of all scripts and their marks', () => {
    expect(clauses('café 東京 हिन्दी naïve')).toEqual([['café', '東京', 'हिन्दी', 'naïve']]);
  });
});

describe('stemmer', () => {
  it.each([
    ['River', 'rivers'],
    ['house', 'houses'],
    ['vase', 'vases'],
    ['wave', 'waves'],
    ['curve', 'curves'],
    ['beach', 'beaches'],
    ['church', 'churches'],
    ['box', 'boxes'],
    ['city', 'cities'],
    ['dress', 'dresses'],
    ['leaf', 'leaves'],
    ['wolf', 'wolves'],
    ['scarf', 'scarves'],
    ['elf', 'elves'],
    ['man', 'men'],
    ['woman', "women's"],
    ['child', 'children'],
    ['foot', 'feet'],
    ['matrix', 'matrices'],
    ['park', 'parked'],
    ['harbor', 'Harbor’s'],
    ['ＡＢＣ', 'abc'],
  ])('%s and %s are one', (a, b) => {
    expect(stemOf(a)).toBe(stemOf(b));
  });

  it.each([
    ['port', 'airport'],
    ['plan', 'plane'],
    ['car', 'cart'],
    ['glass', 'glacier'],
    ['bus', 'business'],
    ['café', 'caf'],
    ['a320', 'a321'],
  ])('%s and %s are two', (a, b) => {
    expect(stemOf(a)).not.toBe(stemOf(b));
  });
});
