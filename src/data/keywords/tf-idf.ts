import {clauses} from './stems.js';
import type {RankedPhrase} from './yake/yake.js';

export interface TfIdfOptions {
  /** Most words of a phrase. */
  readonly nGram: number;
  /** Lower case; no phrase begins or ends with one. */
  readonly stopWords: ReadonlySet<string>;
}

/**
 * The phrases of captions in lower case by term frequency times inverse document frequency, a caption a document,
 * summed over all captions; the largest first. The form is natural's, 1 + ln(N / (1 + n)); its class looks through all
 * documents for every term, 13 seconds for 6,189 captions.
 */
export function tfIdfPhrases(captions: readonly string[], options: TfIdfOptions): RankedPhrase[] {
  const occurrences = new Map<string, number>();
  const holding = new Map<string, number>();
  const add = (counts: Map<string, number>, phrase: string) =>
    counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  for (const caption of captions) {
    const phrases = phrasesOf(caption, options);
    for (const phrase of phrases) add(occurrences, phrase);
    for (const phrase of new Set(phrases)) add(holding, phrase);
  }
  return [...occurrences]
    .map(([text, count]) => ({
      text,
      score: count * (1 + Math.log(captions.length / (1 + holding.get(text)!))),
    }))
    .sort((a, b) => b.score - a.score);
}

function phrasesOf(caption: string, {nGram, stopWords}: TfIdfOptions): string[] {
  return clauses(caption.toLowerCase()).flatMap((words) =>
    words.flatMap((word, end) => {
      if (stopWords.has(word)) return [];
      const sizes = Array.from({length: Math.min(nGram, end + 1)}, (_, i) => i + 1);
      return sizes
        .filter((size) => !stopWords.has(words[end + 1 - size]!))
        .map((size) => words.slice(end + 1 - size, end + 1).join(' '));
    }),
  );
}
