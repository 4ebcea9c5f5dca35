import {keywordCoverage} from './coverage.js';
import type {KeywordMatching} from './matching.js';
import {nounPhrases} from './nouns.js';
import {clauses, stemmer} from './stems.js';
import {tfIdfPhrases} from './tf-idf.js';
import {truncatedWords} from './truncated-words.js';
import {captionSentences, textSentences} from './yake/sentences.js';
import {withoutRepetitions, yakePhrases, type RankedPhrase} from './yake/yake.js';

/** How phrases of captions are ranked. */
export const extractionMethods = ['yake', 'nouns', 'tf-idf'] as const;

export type ExtractionMethod = (typeof extractionMethods)[number];

export interface ExtractionOptions {
  readonly method: ExtractionMethod;
  /** Most words of a keyword. */
  readonly nGram: number;
  /** Most keywords. */
  readonly top: number;
  /** Captions that must hold a keyword. */
  readonly minCount: number;
  /** Largest share of the captions that may hold it, 0 to 1. */
  readonly maxShare: number;
  /** Fewest characters. */
  readonly minLength: number;
  /** Lower case. */
  readonly stopWords: ReadonlySet<string>;
  readonly matching: KeywordMatching;
  /** For yake: read all captions as one text, as its package would, so that phrases go from one into the next. */
  readonly oneText: boolean;
  /** Leave out inflections of a better keyword and words that a limit has cut. */
  readonly clean: boolean;
}

export interface ExtractedKeyword {
  readonly keyword: string;
  /** Captions that hold it. */
  readonly count: number;
  /** Of the method: lower is better for yake, higher for the others. */
  readonly score: number;
}

/** Why a phrase was left out. */
export const dropReasons = ['repeated', 'truncated', 'short', 'rare', 'common'] as const;

export type DropReason = (typeof dropReasons)[number];

export interface Extraction {
  /** Best first. */
  readonly keywords: readonly ExtractedKeyword[];
  /** Phrases left out before the list was full, by reason. */
  readonly dropped: Readonly<Record<DropReason, number>>;
}

/** Phrases whose captions are counted in one go. */
const phrasesAtATime = 256;

/** The best phrases of captions that pass the limits of the options. */
export function extractKeywords(captions: readonly string[], options: ExtractionOptions): Extraction {
  const judge = phraseJudge(captions, options);
  const keywords: ExtractedKeyword[] = [];
  const dropped = {repeated: 0, truncated: 0, short: 0, rare: 0, common: 0};
  for (const block of blocks(rankedPhrases(captions, options), phrasesAtATime)) {
    const phrases = block.map(({text, score}) => ({keyword: judge.form(text), score}));
    const {counts} = keywordCoverage(
      phrases.map(({keyword}) => keyword),
      captions,
      options.matching,
    );
    for (const [i, phrase] of phrases.entries()) {
      const entry = {...phrase, count: counts[i]!};
      const reason = judge.reason(entry);
      if (reason === null) keywords.push(entry);
      else dropped[reason] += 1;
      if (keywords.length === options.top) return {keywords, dropped};
    }
  }
  return {keywords, dropped};
}

function rankedPhrases(captions: readonly string[], options: ExtractionOptions): Iterable<RankedPhrase> {
  const {method, stopWords, nGram} = options;
  if (method === 'nouns') return nounPhrases(captions, options);
  if (method === 'tf-idf') return tfIdfPhrases(captions, options);
  const sentences = options.oneText ? textSentences(captions) : captionSentences(captions);
  return withoutRepetitions(yakePhrases(sentences, {stopWords, nGram, window: 1}));
}

/** Decides about phrases one after another; remembers the stems of those that were kept. */
function phraseJudge(captions: readonly string[], options: ExtractionOptions) {
  const stemOf = stemmer();
  const written = new Set(captions.flatMap((caption) => clauses(caption).flat()));
  const debris = options.clean ? truncatedWords(captions) : new Set<string>();
  const kept = new Set<string>();
  return {
    /** In lower case, but for words that the captions never write so. */
    form(text: string): string {
      if (!options.clean) return text;
      return text.replaceAll(/[\p{L}\p{M}\p{N}'’]+/gu, (word) => {
        const lower = word.toLowerCase();
        return written.has(lower) ? lower : word;
      });
    },
    reason({keyword, count}: ExtractedKeyword): DropReason | null {
      const words = clauses(keyword).flat();
      if (words.some((word) => debris.has(word.toLowerCase()))) return 'truncated';
      if ([...keyword].length < options.minLength) return 'short';
      if (count < options.minCount) return 'rare';
      if (count > options.maxShare * captions.length) return 'common';
      const stems = words.map(stemOf).join(' ');
      if (options.clean && kept.has(stems)) return 'repeated';
      kept.add(stems);
      return null;
    },
  };
}

function* blocks<T>(items: Iterable<T>, size: number): Generator<T[]> {
  let block: T[] = [];
  for (const item of items) {
    block.push(item);
    if (block.length === size) {
      yield block;
      block = [];
    }
  }
  if (block.length > 0) yield block;
}
