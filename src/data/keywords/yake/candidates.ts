import {isPunctuation, tagOf, type WordTag} from './tag.js';
import {noteNeighbours, noteOccurrence, TermTable, type PlacedWord, type Term} from './terms.js';

/** A phrase that may become a keyword. */
export interface Candidate {
  /** As first written. */
  readonly text: string;
  readonly terms: readonly Term[];
  /** Occurrences, whatever the case. */
  count: number;
  /** Whether one occurrence has no number and no unparsable word in it. */
  isClean: boolean;
}

export interface ReadingOptions {
  /** Lower case. */
  readonly stopWords: ReadonlySet<string>;
  /** Most words of a phrase. */
  readonly nGram: number;
  /** Words to the left that count as neighbours. */
  readonly window: number;
}

/** What one reading of a text collects. */
export interface Reading {
  readonly terms: readonly Term[];
  readonly candidates: readonly Candidate[];
  readonly sentences: number;
}

const unusable: readonly WordTag[] = ['number', 'unparsable'];

/**
 * Reads sentences, each a list of words and punctuation, and collects terms, their neighbours and candidate phrases.
 * Punctuation ends a block, and no phrase goes across.
 */
export function readSentences(sentences: readonly (readonly string[])[], options: ReadingOptions): Reading {
  const table = new TermTable(options.stopWords);
  const candidates = new Map<string, Candidate>();
  for (const [index, words] of sentences.entries()) {
    let block: PlacedWord[] = [];
    for (const [place, text] of words.entries()) {
      if (isPunctuation(text)) {
        block = [];
        continue;
      }
      const word = {text, tag: tagOf(text, place), term: table.termOf(text)};
      noteOccurrence(word.term, word, index);
      noteWindow(block, word, options.window);
      block.push(word);
      for (let size = 1; size <= Math.min(options.nGram, block.length); size++) {
        noteCandidate(candidates, block.slice(-size));
      }
    }
  }
  return {terms: table.all(), candidates: [...candidates.values()], sentences: sentences.length};
}

function noteWindow(block: readonly PlacedWord[], word: PlacedWord, window: number): void {
  if (unusable.includes(word.tag) || window === 0) return;
  for (const before of block.slice(-window)) {
    if (!unusable.includes(before.tag)) noteNeighbours(before.term, word.term);
  }
}

function noteCandidate(candidates: Map<string, Candidate>, words: readonly PlacedWord[]): void {
  const text = words.map((word) => word.text).join(' ');
  const key = text.toLowerCase();
  const isClean = !words.some(({tag}) => unusable.includes(tag));
  const known = candidates.get(key);
  if (known === undefined) {
    candidates.set(key, {text, terms: words.map(({term}) => term), count: 1, isClean});
    return;
  }
  known.count += 1;
  known.isClean ||= isClean;
}

/** Whether a candidate may be a keyword: no stop word at either end, and once without numbers. */
export function isKeywordLike({terms, isClean}: Candidate): boolean {
  return isClean && !terms[0]!.isStopWord && !terms.at(-1)!.isStopWord;
}
