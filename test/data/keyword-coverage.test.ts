import {describe, expect, it} from 'vitest';
import {keywordCoverage} from '../../src/data/keywords/coverage.js';
import {extractKeywords, type ExtractionOptions} from '../../src/data/keywords/extract.js';
import {englishStopWords} from '../../src/data/keywords/stop-words.js';
import {readSharedSet} from '../support/shared-set.js';

const domains = {
  ucm: ['captions'],
  magento: ['captions'],
  openstax: ['alt', 'caption'],
  wesnoth: ['captions'],
} as const;

const options: Omit<ExtractionOptions, 'method' | 'nGram'> = {
  top: 100,
  minCount: 5,
  maxShare: 0.3,
  minLength: 3,
  stopWords: englishStopWords(),
  matching: 'words',
  oneText: false,
  clean: true,
};

/** Percent of the captions that hold a keyword, by the published rule and by words: the table of docs/keywords.md. */
const measured = {
  ucm: {yake: [98.9, 99], nouns: [98.8, 99], 'tf-idf': [100, 100]},
  magento: {yake: [73.1, 97.3], nouns: [49.3, 97.4], 'tf-idf': [96.5, 99.9]},
  openstax: {yake: [77.9, 92.4], nouns: [82.1, 95.9], 'tf-idf': [83.4, 94.6]},
  wesnoth: {yake: [46.9, 75.6], nouns: [45.5, 79], 'tf-idf': [46.9, 75.5]},
} as const;

describe.each(Object.keys(domains) as (keyof typeof domains)[])('%s', (name) => {
  it('a hundred keywords cover what docs/keywords.md says', async () => {
    const {rows} = await readSharedSet(name);
    const captions = rows
      .flatMap((row) => domains[name].flatMap((column) => row[column] as string | string[]))
      .filter((caption) => caption !== '');
    const found = (['yake', 'nouns', 'tf-idf'] as const).map((method) => {
      const nGram = method === 'yake' ? 2 : 1;
      const list = extractKeywords(captions, {...options, method, nGram}).keywords.map(
        ({keyword}) => keyword,
      );
      const covered = (['exact', 'words'] as const).map(
        (matching) => keywordCoverage(list, captions, matching).covered / captions.length,
      );
      return [method, covered.map((share) => Math.round(1000 * share) / 10)] as const;
    });
    expect(Object.fromEntries(found)).toEqual(measured[name]);
  });
});
