import {dotProducts, type Matrix} from './matrix.js';

/** Items of several tokens each, as rows of one matrix: item i has rows i * count to (i + 1) * count - 1. */
export interface TokenRows {
  readonly rows: Matrix;
  readonly count: number;
}

function items({rows, count}: TokenRows): Matrix[] {
  return Array.from({length: rows.length / count}, (_, i) => rows.slice(i * count, (i + 1) * count));
}

/** Both similarity matrices, images x texts, from every pair of tokens by itself; mask [texts, tokens]. */
export function lateInteraction(
  images: TokenRows,
  texts: TokenRows,
  mask: Matrix,
): {imageToText: number[][]; textToImage: number[][]} {
  const pair = (image: Matrix, text: Matrix, counts: readonly number[]) => {
    const words = text.filter((_, r) => counts[r] === 1);
    const cosines = dotProducts(image, words);
    const overPatches = cosines.map((row) => Math.max(...row));
    const overWords = words.map((_, r) => Math.max(...cosines.map((row) => row[r]!)));
    return {imageToText: mean(overPatches), textToImage: mean(overWords)};
  };
  const all = items(images).map((image) => items(texts).map((text, j) => pair(image, text, mask[j]!)));
  return {
    imageToText: all.map((row) => row.map(({imageToText}) => imageToText)),
    textToImage: all.map((row) => row.map(({textToImage}) => textToImage)),
  };
}

/** For every token its largest dot product with any token that counts of the others. */
export function bestMatches(tokens: TokenRows, others: TokenRows, mask: Matrix): number[][] {
  const counting = others.rows.filter((_, i) => mask.flat()[i] === 1);
  const best = dotProducts(tokens.rows, counting).map((row) => Math.max(...row));
  return Array.from({length: best.length / tokens.count}, (_, i) =>
    best.slice(i * tokens.count, (i + 1) * tokens.count),
  );
}

/** Indices of the ceil(fraction * counted) best of every row, descending, the lower index of a tie. */
export function keptIndices(scores: Matrix, mask: Matrix, fraction: number): number[][] {
  return scores.map((row, i) => {
    const counting = row.flatMap((score, index) => (mask[i]![index] === 1 ? [{score, index}] : []));
    counting.sort((a, b) => b.score - a.score || a.index - b.index);
    return counting.slice(0, Math.ceil(fraction * counting.length)).map(({index}) => index);
  });
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
