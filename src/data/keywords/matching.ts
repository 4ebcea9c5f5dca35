import {keywordLabels} from '../keywords.js';
import {clauses, stemmer} from './stems.js';

/**
 * How a keyword is found in a caption. `words`: at word boundaries, whatever the case and the inflection, punctuation
 * left out. `exact`: as S-CLIP's released code does, see {@link keywordLabels}.
 */
export const keywordMatchings = ['words', 'exact'] as const;

export type KeywordMatching = (typeof keywordMatchings)[number];

/** Which captions hold which keywords, [n, k] row-major, 1 or 0. */
export type KeywordMatcher = (captions: readonly string[]) => Float32Array;

/** A matcher for one list: what can be prepared is prepared once. */
export function keywordMatcher(keywords: readonly string[], matching: KeywordMatching): KeywordMatcher {
  return matching === 'exact' ? (captions) => keywordLabels(keywords, captions) : wordMatcher(keywords);
}

interface Needle {
  readonly index: number;
  readonly stems: readonly string[];
}

/** A keyword of n words is found where n words in a row of one clause have its stems. */
function wordMatcher(keywords: readonly string[]): KeywordMatcher {
  const stemOf = stemmer();
  const stemmed = keywords.map((keyword) => clauses(keyword).flat().map(stemOf));
  const byFirst = new Map<string, Needle[]>();
  stemmed.forEach((stems, index) => {
    const [first] = stems;
    if (first === undefined) return;
    byFirst.set(first, [...(byFirst.get(first) ?? []), {index, stems}]);
  });
  // a keyword of signs alone has no stems
  const signs = keywords.map((keyword, index) => ({keyword, index})).filter(({index}) => !stemmed[index]![0]);
  return (captions) => {
    const labels = new Float32Array(captions.length * keywords.length);
    captions.forEach((caption, i) => {
      const mark = (index: number) => (labels[i * keywords.length + index] = 1);
      for (const clause of clauses(caption)) {
        const stems = clause.map(stemOf);
        stems.forEach((stem, at) => {
          for (const needle of byFirst.get(stem) ?? []) if (standsAt(stems, at, needle)) mark(needle.index);
        });
      }
      for (const {keyword, index} of signs) if (caption.includes(keyword)) mark(index);
    });
    return labels;
  };
}

function standsAt(stems: readonly string[], at: number, needle: Needle): boolean {
  return needle.stems.every((stem, offset) => stems[at + offset] === stem);
}
