import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {withoutRepetitions, yakePhrases} from '../../../../../src/data/keywords/yake/yake.js';
import {yakeOfPhrase} from '../../../../reference/yake.js';

const stopWords = new Set(['the', 'and', 'near', 'with']);
const vocabulary = [
  ...['the', 'and', 'near', 'with', 'The', 'river', 'rivers', 'River', 'bridge', 'bridges'],
  ...['boat', 'Boat', 'NASA', 'nasa', 'harbor', 'tree', 'of', ',', '.', 'grass', 'sea'],
];
const sentence = fc.array(fc.constantFrom(...vocabulary), {minLength: 1, maxLength: 9});
const text = fc.array(sentence, {minLength: 1, maxLength: 7});

describe('yakePhrases', () => {
  it('scores every phrase as the paper’s equations do', () => {
    fc.assert(
      fc.property(text, fc.integer({min: 1, max: 3}), (sentences, nGram) => {
        for (const phrase of yakePhrases(sentences, {stopWords, nGram, window: 1})) {
          const expected = yakeOfPhrase(sentences, phrase.text, stopWords);
          expect(Math.abs(phrase.score - expected)).toBeLessThanOrEqual(1e-12 * Math.abs(expected));
        }
      }),
    );
  });

  it('lists every phrase that neither begins nor ends with a stop word once, best first', () => {
    fc.assert(
      fc.property(text, (sentences) => {
        const found = yakePhrases(sentences, {stopWords, nGram: 2, window: 1});
        const scores = found.map(({score}) => score);
        expect(scores).toEqual([...scores].sort((a, b) => a - b));
        const stops = new Set([...stopWords, 'of']);
        const isStop = (word: string) => stops.has(word.toLowerCase());
        const expected = new Set<string>();
        for (const words of sentences) {
          words.forEach((word, i) => {
            if (!/\w/.test(word) || isStop(word)) return;
            expected.add(word.toLowerCase());
            const next = words[i + 1];
            if (next !== undefined && /\w/.test(next) && !isStop(next)) {
              expected.add(`${word} ${next}`.toLowerCase());
            }
          });
        }
        expect(new Set(found.map((phrase) => phrase.text.toLowerCase()))).toEqual(expected);
        expect(found).toHaveLength(expected.size);
      }),
    );
  });

  it('leaves numbers and mixtures of letters and digits out', () => {
    const words = ['plane', '747', 'a320', 'jet', '1,000', '3.5', 'x-y-z', 'wing'];
    const found = yakePhrases([words], {stopWords, nGram: 1, window: 1}).map((phrase) => phrase.text);
    expect(found.sort()).toEqual(['jet', 'plane', 'wing']);
  });
});

describe('withoutRepetitions', () => {
  it('drops what is more than 0.9 similar to a better phrase', () => {
    const phrases = ['mobile home park', 'mobile homes park', 'mobile homes', 'river', 'rivers'];
    const ranked = phrases.map((phrase, score) => ({text: phrase, score}));
    expect([...withoutRepetitions(ranked)].map((phrase) => phrase.text)).toEqual([
      'mobile home park',
      'mobile homes',
      'river',
      'rivers',
    ]);
  });
});
