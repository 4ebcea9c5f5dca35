import fc from 'fast-check';
import tfIdf from 'natural/lib/natural/tfidf/index.js';
import {expect, it} from 'vitest';
import {tfIdfPhrases} from '../../../../src/data/keywords/tf-idf.js';

const stopWords = new Set(['the', 'of']);

it('scores a word as natural does, summed over the captions', () => {
  const word = fc.constantFrom('river', 'boat', 'the', 'bridge', 'of', 'sea');
  const caption = fc.array(word, {minLength: 1, maxLength: 6}).map((words) => words.join(' '));
  fc.assert(
    fc.property(fc.array(caption, {minLength: 1, maxLength: 8}), (captions) => {
      const found = tfIdfPhrases(captions, {nGram: 1, stopWords});
      const model = new tfIdf.TfIdf();
      const split = captions.map((text) => text.split(' '));
      for (const words of split) model.addDocument(words);
      const words = new Set(split.flat().filter((text) => !stopWords.has(text)));
      expect(new Set(found.map(({text}) => text))).toEqual(words);
      for (const {text, score} of found) {
        const summed = model.tfidfs([text]).reduce((sum, weight) => sum + weight);
        expect(score).toBeCloseTo(summed, 9);
      }
      const scores = found.map(({score}) => score);
      expect(scores).toEqual([...scores].sort((a, b) => b - a));
    }),
  );
});

it('takes words that every object has under that name as words', () => {
  const found = tfIdfPhrases(['constructor', 'toString __proto__ constructor'], {nGram: 1, stopWords});
  expect(found.map(({text}) => text)).toEqual(expect.arrayContaining(['constructor', 'tostring']));
  expect(found.every(({score}) => Number.isFinite(score))).toBe(true);
});

it('phrases neither begin nor end with a stop word, and stay inside a clause', () => {
  const found = tfIdfPhrases(['The bank of the river, green trees'], {nGram: 4, stopWords});
  expect(found.map(({text}) => text).sort()).toEqual(
    ['bank', 'bank of the river', 'green', 'green trees', 'river', 'trees'].sort(),
  );
});
