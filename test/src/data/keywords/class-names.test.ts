import {expect, it} from 'vitest';
import {
  classNameReference,
  classNamesOf,
  countClassNames,
} from '../../../../src/data/keywords/class-names.js';

const domain = {
  name: 'birds',
  classSets: {
    garden: {names: {robin: 'robin', greattit: 'great tit'}},
    sea: {names: {gull: 'sea gull', robin: 'robin'}},
  },
};

it('class-names names sets of a domain, or all of them; anything else is no reference', () => {
  expect(classNameReference('class-names')).toEqual([]);
  expect(classNameReference('class-names:garden, sea')).toEqual(['garden', 'sea']);
  expect(classNameReference('class-names.txt')).toBeNull();
  expect(classNameReference('words/class-names')).toBeNull();
});

it('a name in two sets is one keyword', () => {
  expect(classNamesOf(domain, [])).toEqual(['robin', 'great tit', 'sea gull']);
  expect(classNamesOf(domain, ['sea'])).toEqual(['sea gull', 'robin']);
  expect(() => classNamesOf(domain, ['gardn'])).toThrow(
    'class names of birds: expected a class set, got gardn (known: garden, sea; did you mean garden?)',
  );
  expect(() => classNamesOf(domain, ['toString'])).toThrow('expected a class set, got toString');
});

it('keywords count as class names by their stems, readable or as the data writes them', () => {
  expect(countClassNames(['Robins', 'great tits', 'greattit', 'tit', 'gull', 'nest'], domain)).toBe(4);
});
