import {describe, expect, it} from 'vitest';
import {nounPhrases} from '../../../../src/data/keywords/nouns.js';

const stopWords = new Set(['piece']);
const captions = [
  'There is a piece of farmland .',
  'Two small boats are parked beside the harbor.',
  'A boat sails near the beautiful harbor',
  'The golf course is full of cars, and the golf course is grey.',
];
const texts = (nGram: number) => nounPhrases(captions, {nGram, stopWords}).map(({text}) => text);

describe('nounPhrases', () => {
  it('takes nouns and nothing else, the most frequent first', () => {
    const nouns = texts(1);
    expect(nouns).toEqual(
      expect.arrayContaining(['farmland', 'boats', 'boat', 'harbor', 'cars', 'golf', 'course']),
    );
    expect(nouns).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(there|is|small|beautiful|beside|the|piece|of|and)$/)]),
    );
    const scores = nounPhrases(captions, {nGram: 1, stopWords});
    expect(scores.find(({text}) => text === 'harbor')!.score).toBe(2);
    expect(scores.map(({score}) => score)).toEqual(scores.map(({score}) => score).sort((a, b) => b - a));
  });

  it('takes nouns in a row as one phrase when phrases are asked for', () => {
    expect(texts(1)).not.toContain('golf course');
    expect(texts(2)).toContain('golf course');
    expect(texts(2)).not.toContain('cars golf');
  });

  it('is not led astray by words that objects have as properties', () => {
    expect(
      nounPhrases(['a constructor and a prototype'], {nGram: 1, stopWords}).map(({text}) => text),
    ).toEqual(['constructor', 'prototype']);
  });
});
