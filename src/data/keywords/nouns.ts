import tagging from 'natural/lib/natural/brill_pos_tagger/index.js';
import {clauses} from './stems.js';
import type {RankedPhrase} from './yake/yake.js';

export interface NounOptions {
  /** Most words of a phrase: with 2 or more, nouns in a row count as one too (`golf course`). */
  readonly nGram: number;
  /** Lower case. */
  readonly stopWords: ReadonlySet<string>;
}

/**
 * The nouns of captions in lower case, by a part-of-speech tagger (Brill, A simple rule-based part of speech tagger,
 * 1992), as SemiCLIP takes its concepts from labelled captions. The most frequent first; the score is how often a word
 * is tagged as a noun.
 */
export function nounPhrases(captions: readonly string[], {nGram, stopWords}: NounOptions): RankedPhrase[] {
  const {BrillPOSTagger, Lexicon, RuleSet} = tagging;
  // what the lexicon does not know is a noun
  const tagger = new BrillPOSTagger(new Lexicon('EN', 'NN'), new RuleSet('EN'));
  const counts = new Map<string, number>();
  const note = (phrase: string) => counts.set(phrase, (counts.get(phrase) ?? 0) + 1);
  for (const clause of captions.flatMap(clauses)) {
    let run: string[] = [];
    // in lower case: the first word of a caption is no name
    for (const {token, tag} of tagger.tag(clause.map((word) => word.toLowerCase())).taggedWords) {
      if (!tag.startsWith('NN') || stopWords.has(token)) {
        run = [];
        continue;
      }
      run.push(token);
      for (let size = 1; size <= Math.min(nGram, run.length); size++) note(run.slice(-size).join(' '));
    }
  }
  return [...counts].map(([text, score]) => ({text, score})).sort((a, b) => b.score - a.score);
}
