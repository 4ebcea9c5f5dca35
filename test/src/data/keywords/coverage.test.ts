import {expect, it} from 'vitest';
import {keywordCoverage} from '../../../../src/data/keywords/coverage.js';

it('counts captions by keyword and captions with any', () => {
  const captions = ['a blue river', 'a river', 'Rivers', 'nothing'];
  expect(keywordCoverage(['river', 'blue', 'sea'], captions, 'exact')).toEqual({
    covered: 2,
    counts: [2, 1, 0],
  });
  expect(keywordCoverage(['river', 'blue', 'sea'], captions, 'words')).toEqual({
    covered: 3,
    counts: [3, 1, 0],
  });
});

it('counts the same in parts', () => {
  const keywords = Array.from({length: 600}, (_, i) => `word${i}`);
  const captions = Array.from({length: 3000}, (_, i) => `a word${i % 700} here`);
  const {covered, counts} = keywordCoverage(keywords, captions, 'exact');
  const expected = keywords.map((_, k) => captions.filter((__, i) => i % 700 === k).length);
  expect(counts).toEqual(expected);
  expect(covered).toBe(expected.reduce((sum, count) => sum + count));
});

it('an empty list covers nothing', () => {
  expect(keywordCoverage([], ['a'], 'words')).toEqual({covered: 0, counts: []});
});
