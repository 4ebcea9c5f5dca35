import {uniform} from '../../src/engine/random.js';
import {unitRows, type Matrix} from '../reference/matrix.js';
import type {SClipInputs} from '../reference/s-clip.js';

/** Entries drawn evenly from [-1, 1). */
export function randomMatrix(rows: number, columns: number, seed: number): number[][] {
  return Array.from({length: rows}, (_, i) =>
    Array.from({length: columns}, (_, j) => 2 * uniform(seed, i, j) - 1),
  );
}

export interface FeatureCounts {
  readonly pairs: number;
  readonly unpaired: number;
  readonly words: number;
}

/** A caption holds no keyword, one keyword, or every second, in turn. */
function label(pair: number, word: number): 0 | 1 {
  const holds = [false, word === 1, word % 2 === 0][pair % 3]!;
  return holds ? 1 : 0;
}

/** Unit rows whose cosines spread as those of an adapted CLIP: texts and unpaired images lie near the images. */
export function randomFeatures(counts: FeatureCounts, scale: number, seed: number): SClipInputs {
  const {pairs, unpaired, words} = counts;
  const dimension = 12;
  const images = unitRows(randomMatrix(pairs, dimension, seed));
  const near = (count: number, spread: number, stream: number): Matrix =>
    unitRows(
      randomMatrix(count, dimension, seed + stream).map((noise, i) =>
        noise.map((value, j) => images[i % pairs]![j]! + spread * value),
      ),
    );
  return {
    images,
    texts: near(pairs, 0.3, 1),
    queries: near(unpaired, 0.3, 2),
    words: near(words, 0.4, 3),
    labels: Array.from({length: pairs}, (_, i) => Array.from({length: words}, (_, c) => label(i, c))),
    scale,
  };
}
