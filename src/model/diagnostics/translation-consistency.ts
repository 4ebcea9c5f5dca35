import type {PatchGrid} from '../patch-grid.js';
import {attentionAt, type AttentionMaps} from './attention-maps.js';

/**
 * How far attention depends on more than the offset of two patches, for every head: the variance of the weights of all
 * query and key patches with the same offset, the mean over the offsets that occur more than once. 0 is a map of
 * diagonals, equivariant to translation. A number of our own for what feature distillation (arXiv:2205.14141)
 * shows as pictures. The class token is dropped, rows are not renormalised.
 * @returns [heads]
 */
export function translationConsistency(maps: AttentionMaps, grid: PatchGrid): number[] {
  return Array.from({length: maps.heads}, (_, head) => {
    const {counts, squares} = spreadByOffset(maps, grid, head);
    let [sum, counted] = [0, 0];
    counts.forEach((count, offset) => {
      if (count < 2) return;
      sum += squares[offset]! / count;
      counted++;
    });
    return sum / counted;
  });
}

interface Spread {
  /** [offsets] pairs of patches. */
  readonly counts: Float64Array;
  /** [offsets] sum of the squared distances of their weights from the mean of the offset. */
  readonly squares: Float64Array;
}

/** In one pass without cancellation (Welford 1962). */
function spreadByOffset(maps: AttentionMaps, {rows, columns}: PatchGrid, head: number): Spread {
  const width = 2 * columns - 1;
  const [counts, means, squares] = [0, 1, 2].map(() => new Float64Array((2 * rows - 1) * width)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const patches = rows * columns;
  for (let query = 0; query < patches; query++) {
    for (let key = 0; key < patches; key++) {
      const dy = Math.floor(query / columns) - Math.floor(key / columns) + rows - 1;
      const offset = dy * width + (query % columns) - (key % columns) + columns - 1;
      const weight = attentionAt(maps, head, query + 1, key + 1);
      const distance = weight - means[offset]!;
      counts[offset]! += 1;
      means[offset]! += distance / counts[offset]!;
      squares[offset]! += distance * (weight - means[offset]!);
    }
  }
  return {counts, squares};
}
