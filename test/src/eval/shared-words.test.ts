import {expect, it} from 'vitest';
import {sharedWords} from '../../../src/eval/shared-words.js';

const words = (...texts: string[]) => texts.map((text) => new Set(text.split(' ').filter(Boolean)));

it('is the mean intersection over union, with the nearest other image and with any', () => {
  const {alike, chance} = sharedWords(Int32Array.of(1, 0, 1), words('red boat', 'boat pier red', 'red'));
  expect(alike).toBeCloseTo((2 / 3 + 2 / 3 + 1 / 3) / 3, 12);
  expect(chance).toBeCloseTo((2 / 3 + 1 / 2 + 2 / 3 + 1 / 3 + 1 / 2 + 1 / 3) / 6, 12);
});

it('does not depend on the order of words', () => {
  const nearest = Int32Array.of(1, 0, 3, 2);
  const one = sharedWords(nearest, words('a b c', 'c d', 'd e a', 'e'));
  expect(sharedWords(nearest, words('c b a', 'd c', 'a e d', 'e'))).toEqual(one);
  expect(one.alike).toBeCloseTo((1 / 4 + 1 / 4 + 1 / 3 + 1 / 3) / 4, 12);
});

it('asks only images that have words', () => {
  const nearest = Int32Array.of(1, 0, 0);
  expect(sharedWords(nearest, words('a', 'a', '')).alike).toBe(1);
  expect(sharedWords(nearest, words('a', 'a', '')).chance).toBe(0.5);
  expect(sharedWords(nearest, words('', '', ''))).toEqual({alike: 0, chance: 0});
});

it('is 0 where there is nothing to compare with', () => {
  expect(sharedWords(Int32Array.of(), [])).toEqual({alike: 0, chance: 0});
  expect(sharedWords(Int32Array.of(0), words('a'))).toEqual({alike: 0, chance: 0});
});
