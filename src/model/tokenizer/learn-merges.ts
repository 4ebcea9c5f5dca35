import {endOfWord} from './byte-pair-tokenizer.js';
import {byteSymbols} from './byte-symbols.js';

/** Two neighbouring symbols that become one. */
export type Merge = readonly [left: string, right: string];

interface Word {
  symbols: string[];
  readonly count: number;
}

/**
 * Byte-pair merges learnt from words (Sennrich et al. 2016, arXiv:1508.07909, algorithm 1, over bytes as GPT-2 does): again
 * and again the most frequent pair of neighbours is joined, the first in code-unit order among equals. Ends early when no
 * pair occurs twice.
 * @param counts how often each word occurs
 */
export function learnMerges(counts: ReadonlyMap<string, number>, mergeCount: number): Merge[] {
  const words = [...counts].map(([word, count]): Word => ({symbols: wordSymbols(word), count}));
  const pairs = new PairCounts();
  words.forEach((word, number) => pairs.add(word, number, 1));
  const merges: Merge[] = [];
  while (merges.length < mergeCount) {
    const pair = pairs.mostFrequent();
    if (pair === undefined) return merges;
    const merge = pair.split(' ') as [string, string];
    merges.push(merge);
    for (const number of pairs.wordsWith(pair)) {
      const word = words[number]!;
      pairs.add(word, number, -1);
      word.symbols = joined(word.symbols, merge);
      pairs.add(word, number, 1);
    }
  }
  return merges;
}

/** How often pairs occur, and in which words; kept up to date word by word, since a merge changes few of them. */
class PairCounts {
  private readonly counts = new Map<string, number>();
  private readonly places = new Map<string, Set<number>>();

  add({symbols, count}: Word, number: number, sign: 1 | -1): void {
    for (let i = 0; i + 1 < symbols.length; i++) {
      // no symbol holds a space
      const pair = `${symbols[i]!} ${symbols[i + 1]!}`;
      this.counts.set(pair, (this.counts.get(pair) ?? 0) + sign * count);
      if (sign === 1) this.noteWord(pair, number);
    }
  }

  /** Undefined when none occurs twice. */
  mostFrequent(): string | undefined {
    let best: string | undefined;
    let most = 1;
    for (const [pair, count] of this.counts) {
      if (count > most || (count === most && best !== undefined && pair < best)) [best, most] = [pair, count];
    }
    return best;
  }

  /** Words that have or once had the pair, in the order of their numbers. */
  wordsWith(pair: string): number[] {
    return [...(this.places.get(pair) ?? [])].sort((a, b) => a - b);
  }

  private noteWord(pair: string, number: number): void {
    const words = this.places.get(pair) ?? new Set();
    this.places.set(pair, words.add(number));
  }
}

function wordSymbols(word: string): string[] {
  const symbolOf = byteSymbols();
  const bytes = [...Buffer.from(word, 'utf8')];
  return bytes.map((byte, i) => symbolOf.get(byte)! + (i === bytes.length - 1 ? endOfWord : ''));
}

/** Every occurrence of the pair joined, from left to right. */
function joined(symbols: readonly string[], [left, right]: Merge): string[] {
  const result: string[] = [];
  for (let i = 0; i < symbols.length; i++) {
    const isPair = symbols[i] === left && symbols[i + 1] === right;
    result.push(isPair ? left + right : symbols[i]!);
    if (isPair) i++;
  }
  return result;
}
