import {candidateScore, termScores} from './scores.js';
import {isKeywordLike, readSentences, type ReadingOptions} from './candidates.js';
import {editSimilarity} from './edit-similarity.js';

/** A phrase with its score: the lower, the more it says about the text. */
export interface RankedPhrase {
  /** As first written. */
  readonly text: string;
  readonly score: number;
}

/**
 * All keyword-like phrases of a text by YAKE (Campos et al., YAKE! Keyword extraction from single documents using
 * multiple local features, Information Sciences 509, 2020), best first; equal ones in the order of the text.
 * @param sentences words and punctuation of each sentence, as `yakeSentences` makes them
 */
export function yakePhrases(
  sentences: readonly (readonly string[])[],
  options: ReadingOptions,
): RankedPhrase[] {
  const reading = readSentences(sentences, options);
  const scores = termScores(reading);
  return reading.candidates
    .filter(isKeywordLike)
    .map((candidate) => ({text: candidate.text, score: candidateScore(candidate, scores)}))
    .sort((a, b) => a.score - b.score);
}

/** Above this similarity to a better phrase a phrase is a repetition. */
export const repetitionSimilarity = 0.9;

/** The phrases without those that hardly differ from a better one, in order; taken one by one. */
export function* withoutRepetitions(phrases: readonly RankedPhrase[]): Generator<RankedPhrase> {
  const kept: string[] = [];
  for (const phrase of phrases) {
    const lower = phrase.text.toLowerCase();
    if (kept.some((better) => isRepetition(lower, better))) continue;
    kept.push(lower);
    yield phrase;
  }
}

function isRepetition(phrase: string, better: string): boolean {
  // texts of much different length cannot be similar: most pairs end here
  const [shorter, longer] = [phrase.length, better.length].sort((a, b) => a - b) as [number, number];
  return (
    shorter > (repetitionSimilarity - 0.1) * longer && editSimilarity(phrase, better) > repetitionSimilarity
  );
}
