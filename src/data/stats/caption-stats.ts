import type {TokenCount} from '../check/caption-problems.js';
import {numberCounts, type Bin, type NumberSummary} from './number-counts.js';

/** Lengths with their spread and their bars. */
export interface Spread {
  readonly summary: NumberSummary | null;
  readonly bins: readonly Bin[];
}

/** What the captions of a set are like. */
export interface CaptionStats {
  readonly captions: number;
  readonly distinct: number;
  /** Different words, whatever their case. */
  readonly vocabulary: number;
  /** The most frequent captions of those that come more than once. */
  readonly repeated: readonly {readonly caption: string; readonly count: number}[];
  readonly perImage: Spread;
  readonly words: Spread;
  readonly tokens: Spread;
  /** Captions that do not fit the model. */
  readonly tooLong: number;
}

/** Bars of a histogram, at most. */
export const mostBins = 24;
const mostRepeated = 5;
const word = /[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*/gu;

/** Collects captions image by image. */
export function captionStats(tokens: TokenCount): {
  add(captions: readonly string[]): void;
  stats(): CaptionStats;
} {
  const counts = new Map<string, number>();
  const vocabulary = new Set<string>();
  const [perImage, words, lengths] = [numberCounts(), numberCounts(), numberCounts()];
  let captions = 0;
  let tooLong = 0;
  const addCaption = (caption: string) => {
    captions++;
    counts.set(caption, (counts.get(caption) ?? 0) + 1);
    const found = caption.match(word) ?? [];
    for (const one of found) vocabulary.add(one.toLowerCase());
    words.add(found.length);
    const length = tokens.of(caption);
    lengths.add(length);
    if (length > tokens.context) tooLong++;
  };
  return {
    add(texts) {
      perImage.add(texts.length);
      texts.forEach(addCaption);
    },
    stats: () => ({
      captions,
      distinct: counts.size,
      vocabulary: vocabulary.size,
      repeated: mostFrequent(counts),
      perImage: spreadOf(perImage),
      words: spreadOf(words),
      tokens: spreadOf(lengths),
      tooLong,
    }),
  };
}

export function spreadOf(counts: ReturnType<typeof numberCounts>): Spread {
  return {summary: counts.summary(), bins: counts.bins(mostBins)};
}

function mostFrequent(counts: ReadonlyMap<string, number>): CaptionStats['repeated'] {
  return [...counts]
    .filter(([, count]) => count > 1)
    .sort((a, b) => b[1] - a[1])
    .slice(0, mostRepeated)
    .map(([caption, count]) => ({caption, count}));
}
