import fc from 'fast-check';
import {expect, it} from 'vitest';
import {tfIdfPhrases} from '../../../../src/data/keywords/tf-idf.js';

const stopWords = new Set(['the', 'of']);

it('scores a word by its occurrences times 1 + ln(N / (1 + n)), summed over the captions', () => {
  const word = fc.constantFrom('river', 'boat', 'the', 'constructor', 'of', 'sea', 'toString');
  const caption = fc.array(word, {minLength: 1, maxLength: 6}).map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.array(caption, {minLength: 1, maxLength: 8}), (captions) => {
      const found = tfIdfPhrases(captions, {nGram: 1, minCount: 1, stopWords});
      const split = captions.map((text) => text.toLowerCase().split(' '));
      const words = new Set(split.flat().filter((text) => !stopWords.has(text)));
      expect(new Set(found.map(({text}) => text))).toEqual(words);
      for (const {text, score} of found) {
        const all = split.flat().filter((other) => other === text).length;
        const holding = split.filter((others) => others.includes(text)).length;
        expect(score).toBeCloseTo(all * (1 + Math.log(captions.length / (1 + holding))), 9);
      }
    }),
  );
});

it('phrases neither begin nor end with a stop word, and stay inside a clause', () => {
  const found = tfIdfPhrases(['The bank of the river, green trees'], {nGram: 4, minCount: 1, stopWords});
  expect(found.map(({text}) => text).sort()).toEqual(
    ['bank', 'bank of the river', 'green', 'green trees', 'river', 'trees'].sort(),
  );
});

it('leaves out what too few captions hold', () => {
  const found = tfIdfPhrases(['a boat', 'two boat', 'sea sea'], {nGram: 1, minCount: 2, stopWords});
  expect(found.map(({text}) => text)).toEqual(['boat']);
});
