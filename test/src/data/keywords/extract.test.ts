import {describe, expect, it} from 'vitest';
import {
  extractionMethods,
  extractKeywords,
  type ExtractionOptions,
} from '../../../../src/data/keywords/extract.js';
import {englishStopWords} from '../../../../src/data/keywords/stop-words.js';

const captions = [
  ...Array.from({length: 20}, (_, i) => `There is a river near house ${i} .`),
  ...Array.from({length: 12}, () => 'Two Rivers flow beside the golf courses.'),
  ...Array.from({length: 8}, () => 'A tennis court with NASA written on it'),
  'A solitary windmill',
];
const options: ExtractionOptions = {
  method: 'yake',
  nGram: 2,
  top: 100,
  minCount: 2,
  maxShare: 1,
  minLength: 3,
  stopWords: englishStopWords(),
  matching: 'words',
  oneText: false,
  clean: true,
};
const extracted = (change: Partial<ExtractionOptions>) => extractKeywords(captions, {...options, ...change});
const names = (change: Partial<ExtractionOptions>) => extracted(change).keywords.map(({keyword}) => keyword);

describe.each(extractionMethods)('%s', (method) => {
  it('finds what the captions are about, each inflection once, with the captions that hold it', () => {
    const {keywords, dropped} = extracted({method});
    const found = new Map(keywords.map(({keyword, count}) => [keyword, count]));
    expect(found.get('river') ?? found.get('rivers')).toBe(32);
    expect(found.has('river') && found.has('rivers')).toBe(false);
    expect([...found.keys()]).toEqual(expect.arrayContaining(['golf courses', 'tennis court']));
    expect(dropped.repeated).toBeGreaterThan(0);
  });

  it('holds to the limits and counts what they leave out', () => {
    const {keywords, dropped} = extracted({method, minCount: 10, maxShare: 0.5, minLength: 6, nGram: 1});
    for (const {keyword, count} of keywords) {
      expect(count).toBeGreaterThanOrEqual(10);
      expect(count).toBeLessThanOrEqual(0.5 * captions.length);
      expect(keyword.length).toBeGreaterThanOrEqual(6);
      expect(keyword).not.toContain(' ');
    }
    expect(dropped.common).toBeGreaterThan(0);
    expect(extracted({method, top: 2}).keywords).toHaveLength(2);
  });

  it('leaves inflections in when they are not to be cleaned away', () => {
    const all = names({method, clean: false}).map((name) => name.toLowerCase());
    expect(all).toEqual(expect.arrayContaining(['river', 'rivers']));
  });
});

it('writes words in lower case unless the captions never do', () => {
  expect(names({method: 'yake'})).toContain('NASA');
  expect(names({method: 'yake', nGram: 1})).toContain('golf');
});

it('counts by the published rule when that is asked for', () => {
  const {keywords} = extracted({matching: 'exact', minCount: 1});
  expect(keywords.find(({keyword}) => keyword === 'river')!.count).toBe(20);
});

it('the same captions give the same list', () => {
  expect(extracted({})).toEqual(extracted({}));
});

it('yake takes phrases across captions only from one text', () => {
  const lower = Array.from({length: 4}, () => 'green trees');
  const of = (oneText: boolean) =>
    extractKeywords(lower, {...options, oneText, minCount: 1, clean: false}).keywords.map(
      ({keyword}) => keyword,
    );
  expect(of(false)).toEqual(expect.arrayContaining(['green trees', 'green', 'trees']));
  // counted in captions, which do not hold it: left out as rare
  expect(extractKeywords(lower, {...options, oneText: true, minCount: 1}).dropped.rare).toBe(1);
});
