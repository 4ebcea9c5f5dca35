import {writeFileAtomically, writeJsonAtomically} from '../../support/atomic-file.js';
import {join} from 'node:path';
import {BugError} from '../../support/errors.js';
import {endOfWord} from './byte-pair-tokenizer.js';
import {byteSymbols} from './byte-symbols.js';
import {learnMerges, type Merge} from './learn-merges.js';
import {clipWords, endToken, startToken} from './vocab-and-merges.js';

/** A tokenizer in CLIP's form: a symbol for each byte, the same at the end of a word, one for each merge, start, end. */
export interface LearntTokenizer {
  readonly merges: readonly Merge[];
  /** Tokens by symbol, from 0 without a gap. */
  readonly vocabulary: Readonly<Record<string, number>>;
}

/** The vocabulary of a tokenizer without a merge: bytes, bytes at the end of words, start, end. */
export const smallestVocabulary = 514;

/**
 * Learns a tokenizer from texts, cleaned and cut into words as CLIP's does. Captions that hold little have a smaller
 * vocabulary than asked for.
 * @param vocabularySize {@link smallestVocabulary} at least
 */
export function learnTokenizer(texts: Iterable<string>, vocabularySize: number): LearntTokenizer {
  if (vocabularySize < smallestVocabulary) {
    throw new BugError(
      `learnTokenizer: expected at least ${smallestVocabulary} tokens, got ${vocabularySize}`,
    );
  }
  const counts = new Map<string, number>();
  for (const text of texts) {
    for (const word of clipWords(text)) counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  const merges = learnMerges(counts, vocabularySize - smallestVocabulary);
  const bytes = [...byteSymbols().values()];
  const joined = new Set(merges.map((pair) => pair.join('')));
  const symbols = [...bytes, ...bytes.map((symbol) => symbol + endOfWord), ...joined, startToken, endToken];
  return {merges, vocabulary: Object.fromEntries(symbols.map((symbol, token) => [symbol, token]))};
}

/** Writes `vocab.json` and `merges.txt`, which transformers, open_clip and this tool read. */
export async function writeTokenizer(folder: string, {merges, vocabulary}: LearntTokenizer): Promise<void> {
  await writeJsonAtomically(join(folder, 'vocab.json'), vocabulary);
  const lines = ['#version: 0.2', ...merges.map((pair) => pair.join(' '))];
  await writeFileAtomically(join(folder, 'merges.txt'), `${lines.join('\n')}\n`);
}
