import {endOfWord, type BytePairTables} from './byte-pair-tokenizer.js';
import {byteSymbols} from './byte-symbols.js';

// Words repeat; very long ones do not, and there is no end of different ones.
const longestKept = 64;
const mostKept = 50_000;

/**
 * Byte-pair encoding (Sennrich et al. 2016, as GPT-2 and CLIP use it) of single words: of the symbols of its UTF-8
 * bytes, the two neighbours with the earliest merge are joined wherever they meet, until no merge applies. Symbols
 * without a token become `unknown`, or nothing where there is none. Remembers the words it has seen.
 */
export function createWordEncoder({
  tokenOf,
  merges,
  unknown,
}: BytePairTables): (word: string) => readonly number[] {
  const rankOf = new Map(merges.map(([left, right], rank) => [pairKey(left, right), rank]));
  const symbolOf = byteSymbols();
  const seen = new Map<string, readonly number[]>();
  return (word) => {
    const known = seen.get(word);
    if (known) return known;
    const symbols = mergeSymbols(wordSymbols(word, symbolOf), rankOf);
    const tokens = symbols.flatMap((symbol) => tokenOf.get(symbol) ?? unknown ?? []);
    if (word.length <= longestKept && seen.size < mostKept) seen.set(word, tokens);
    return tokens;
  };
}

/** No symbol holds a space, so that the key of a pair is the pair's alone. */
function pairKey(left: string, right: string): string {
  return `${left} ${right}`;
}

function wordSymbols(word: string, symbolOf: ReadonlyMap<number, string>): string[] {
  const bytes = Buffer.from(word, 'utf8');
  return Array.from(bytes, (byte, i) => symbolOf.get(byte)! + (i === bytes.length - 1 ? endOfWord : ''));
}

function mergeSymbols(word: readonly string[], rankOf: ReadonlyMap<string, number>): readonly string[] {
  let symbols = word;
  for (;;) {
    const best = earliestPair(symbols, rankOf);
    if (best === undefined) return symbols;
    symbols = joinPair(symbols, best);
  }
}

function earliestPair(symbols: readonly string[], rankOf: ReadonlyMap<string, number>): number | undefined {
  let best: number | undefined;
  let bestRank = Infinity;
  for (let i = 0; i + 1 < symbols.length; i++) {
    const rank = rankOf.get(pairKey(symbols[i]!, symbols[i + 1]!));
    if (rank === undefined || rank >= bestRank) continue;
    best = i;
    bestRank = rank;
  }
  return best;
}

/** Joins every occurrence of the pair that stands at `position`, from left to right. */
function joinPair(symbols: readonly string[], position: number): string[] {
  const left = symbols[position]!;
  const right = symbols[position + 1]!;
  const joined: string[] = [];
  for (let i = 0; i < symbols.length; i++) {
    const isPair = symbols[i] === left && symbols[i + 1] === right;
    joined.push(isPair ? left + right : symbols[i]!);
    if (isPair) i++;
  }
  return joined;
}
