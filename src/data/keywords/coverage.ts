import {keywordMatcher, type KeywordMatching} from './matching.js';

/** How well a keyword list fits some captions. */
export interface KeywordCoverage {
  /** Captions that hold at least one keyword. */
  readonly covered: number;
  /** Captions that hold each keyword, in the order of the keywords. */
  readonly counts: readonly number[];
}

/** Labels made in one go, so that a large set needs little memory. */
const labelsAtATime = 2 ** 20;

/** Counts the captions that hold a keyword, and how many hold each. */
export function keywordCoverage(
  keywords: readonly string[],
  captions: readonly string[],
  matching: KeywordMatching,
): KeywordCoverage {
  const match = keywordMatcher(keywords, matching);
  const captionsAtATime = Math.ceil(labelsAtATime / Math.max(1, keywords.length));
  const counts = keywords.map(() => 0);
  let covered = 0;
  for (let start = 0; start < captions.length; start += captionsAtATime) {
    const labels = match(captions.slice(start, start + captionsAtATime));
    for (let row = 0; row < labels.length; row += keywords.length) {
      const found = labels.subarray(row, row + keywords.length);
      if (found.includes(1)) covered++;
      found.forEach((label, c) => (counts[c]! += label));
    }
  }
  return {covered, counts};
}
