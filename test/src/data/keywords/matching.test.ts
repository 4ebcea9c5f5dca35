import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {keywordLabels} from '../../../../src/data/keywords.js';
import {keywordMatcher} from '../../../../src/data/keywords/matching.js';

describe('words', () => {
  it('finds words whatever their case, inflection and punctuation, and phrases in a row', () => {
    const keywords = ['port', 'parking lot', 'river', 'dark green', 'tennis courts'];
    const captions = [
      'Ports, airports.',
      'Two parking lots beside the RIVERS.',
      'parking, lot',
      'A dark-green tennis-court',
      'a lot of parking',
    ];
    expect([...keywordMatcher(keywords, 'words')(captions)]).toEqual(
      [
        [1, 0, 0, 0, 0],
        [0, 1, 1, 0, 0],
        [0, 0, 0, 0, 0],
        [0, 0, 0, 1, 1],
        [0, 0, 0, 0, 0],
      ].flat(),
    );
  });

  it('finds keywords that share a beginning, nested and repeated ones', () => {
    const keywords = ['golf course', 'golf', 'golf courses', 'course of golf'];
    expect([...keywordMatcher(keywords, 'words')(['the golf course of golf'])]).toEqual([1, 1, 1, 1]);
  });

  it('finds signs as they are', () => {
    expect([...keywordMatcher(['🌊', '+', 'C++'], 'words')(['surf 🌊', 'a + b', 'c'])]).toEqual(
      [
        [1, 0, 0],
        [0, 1, 0],
        [0, 0, 1],
      ].flat(),
    );
  });

  it('finds everything that the published rule finds among plain words', () => {
    const word = fc.stringMatching(/^[a-c]{1,3}s?$/);
    const phrase = fc.array(word, {minLength: 1, maxLength: 2}).map((words) => words.join(' '));
    const caption = fc.array(word, {maxLength: 6}).map((words) => words.join(' '));
    fc.assert(
      fc.property(fc.array(phrase), fc.array(caption), (keywords, captions) => {
        const wide = keywordMatcher(keywords, 'words')(captions);
        keywordMatcher(
          keywords,
          'exact',
        )(captions).forEach((label, i) => {
          if (label === 1) expect(wide[i]).toBe(1);
        });
      }),
    );
  });
});

it('exact is the published rule', () => {
  const keywords = ['river', 'parking lot'];
  const captions = ['a River', 'a river.', 'parking lot', 'rivers'];
  const found = keywordMatcher(keywords, 'exact')(captions);
  expect(found).toEqual(keywordLabels(keywords, captions));
  expect([...found]).toEqual([0, 0, 0, 0, 0, 1, 0, 0]);
});
