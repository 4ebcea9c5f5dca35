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
    const variances = [...weightsByOffset(maps, grid, head)]
      .filter((weights) => weights.length > 1)
      .map(variance);
    return mean(variances);
  });
}

function weightsByOffset(maps: AttentionMaps, {rows, columns}: PatchGrid, head: number): Iterable<number[]> {
  const byOffset = new Map<string, number[]>();
  const patches = rows * columns;
  for (let query = 0; query < patches; query++) {
    for (let key = 0; key < patches; key++) {
      const dy = Math.floor(query / columns) - Math.floor(key / columns);
      const offset = `${dy},${(query % columns) - (key % columns)}`;
      const weights = byOffset.get(offset) ?? [];
      weights.push(attentionAt(maps, head, query + 1, key + 1));
      byOffset.set(offset, weights);
    }
  }
  return byOffset.values();
}

/** Of all the values there are, not of a sample. */
function variance(values: readonly number[]): number {
  const middle = mean(values);
  return mean(values.map((value) => (value - middle) ** 2));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
