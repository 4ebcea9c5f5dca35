/**
 * Retrieval by sorting whole rows, written from the definitions: captions are separate gallery items, and nothing is
 * computed in blocks or counted.
 */
export interface ReferenceRanks {
  /** Per image: rank, from 0, of its best right caption. */
  readonly imageToText: number[];
  /** Per caption, image by image: rank, from 0, of its best right image. */
  readonly textToImage: number[];
}

/** `captions[i]` are the texts of image i, `similarity(i, text)` their scores; texts are compared literally. */
export function referenceRanks(
  captions: readonly (readonly string[])[],
  similarity: (image: number, text: string) => number,
): ReferenceRanks {
  const gallery = captions.flat();
  const imageToText = captions.map((own, image) => {
    const items = gallery.map((text) => ({right: own.includes(text), score: similarity(image, text)}));
    return firstRight(items);
  });
  const textToImage = gallery.map((text) => {
    const items = captions.map((own, image) => ({right: own.includes(text), score: similarity(image, text)}));
    return firstRight(items);
  });
  return {imageToText, textToImage};
}

/** Sorts by falling score, of equal ones the wrong first, and looks for the first right one. */
function firstRight(items: readonly {right: boolean; score: number}[]): number {
  const sorted = [...items].sort((a, b) => b.score - a.score || Number(a.right) - Number(b.right));
  return sorted.findIndex((item) => item.right);
}

/** Share of ranks below k. */
export function referenceRecall(ranks: readonly number[], k: number): number {
  return ranks.filter((rank) => rank < k).length / ranks.length;
}

/** Number of strictly larger entries in the row (or, with `transposed`, the column) of each diagonal entry. */
export function referenceDiagonalRanks(
  similarity: readonly (readonly number[])[],
  transposed: boolean,
): number[] {
  return similarity.map((_, i) => {
    const own = similarity[i]![i]!;
    const others = similarity.map((row, j) => (transposed ? row[i]! : similarity[i]![j]!));
    return others.filter((score) => score > own).length;
  });
}
