import {expect, it} from 'vitest';
import {truncatedWords} from '../../../../src/data/keywords/truncated-words.js';

const cut = (caption: string) => caption.slice(0, 24);
const long = [
  'a man of the Simpsons walks',
  'a dog of Mr. Simpsons and',
  'one of the Simpsons family',
  'the Simpsons are all here ',
];

it('finds what a limit on characters has left of longer words', () => {
  const captions = [
    ...['bart of Simpsons at home', 'the house of the Simpson', 'bart and lisa in Simpsons'].map(cut),
    ...['the small car of Simpsons', 'we see it: a blue carpets', 'a cat near the red carpet'].map(cut),
    ...['Simpsons', 'a Simpsons car', 'Simpsons', 'a carpet', 'the carpet is red'],
  ];
  expect(captions).toContain('bart and lisa in Simpson');
  // the last but one ends in `carpet`, cut; `carpe` ends a caption that was cut and begins `carpet`; `car` stands elsewhere too
  expect(truncatedWords(captions)).toEqual(new Set(['simpson', 'carpe']));
});

it('finds nothing where no limit shows in the lengths', () => {
  expect(truncatedWords(['a red car', 'the carpets', 'carpet', ...long])).toEqual(new Set());
  expect(truncatedWords([])).toEqual(new Set());
});
