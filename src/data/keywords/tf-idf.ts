import tfIdf from 'natural/lib/natural/tfidf/index.js';
import {clauses} from './stems.js';
import type {RankedPhrase} from './yake/yake.js';

export interface TfIdfOptions {
  /** Most words of a phrase. */
  readonly nGram: number;
  /** Captions that must hold a phrase. */
  readonly minCount: number;
  /** Lower case; no phrase begins or ends with one. */
  readonly stopWords: ReadonlySet<string>;
}

/** Keeps words such as `constructor` apart from what every object has under that name. */
const safeKey = (phrase: string) => ` ${phrase}`;

/**
 * The phrases of captions in lower case by term frequency times inverse document frequency, a caption a document
 * (natural's form, 1 + ln(N / (1 + n))), summed over all captions; the largest first.
 */
export function tfIdfPhrases(captions: readonly string[], options: TfIdfOptions): RankedPhrase[] {
  const documents = captions.map((caption) => phrasesOf(caption, options));
  const counts = new Map<string, number>();
  for (const phrase of documents.flatMap((phrases) => [...new Set(phrases)])) {
    counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  }
  const model = new tfIdf.TfIdf();
  for (const phrases of documents) model.addDocument(phrases.map(safeKey));
  return [...counts]
    .filter(([, count]) => count >= options.minCount)
    .map(([text]) => ({text, score: summed(model, text)}))
    .sort((a, b) => b.score - a.score);
}

function summed(model: InstanceType<typeof tfIdf.TfIdf>, phrase: string): number {
  return model.tfidfs([safeKey(phrase)]).reduce((sum, weight) => sum + weight, 0);
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
