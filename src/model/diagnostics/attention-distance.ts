import type {PatchGrid} from '../patch-grid.js';
import {attentionAt, type AttentionMaps} from './attention-maps.js';

/**
 * Average attention distance of every head in pixels (Dosovitskiy et al. 2021, arXiv:2010.11929; feature
 * distillation, arXiv:2205.14141): the class token is dropped, rows are renormalised over the patches, and
 * the expected distance between the centres of query and key patch is averaged over the queries.
 * @param options.patchSize side of a patch in pixels
 * @returns [heads]; a query that looks at no patch at all is left out
 */
export function attentionDistance(
  maps: AttentionMaps,
  {grid, patchSize}: {readonly grid: PatchGrid; readonly patchSize: number},
): number[] {
  const patches = grid.rows * grid.columns;
  return Array.from({length: maps.heads}, (_, head) => {
    let [sum, counted] = [0, 0];
    for (let query = 0; query < patches; query++) {
      let [mass, distance] = [0, 0];
      for (let key = 0; key < patches; key++) {
        const weight = attentionAt(maps, head, query + 1, key + 1);
        mass += weight;
        distance += weight * patchDistance(grid, query, key);
      }
      if (mass === 0) continue;
      sum += distance / mass;
      counted++;
    }
    return (patchSize * sum) / counted;
  });
}

/** Distance between the centres of two patches, in patches. */
export function patchDistance({columns}: PatchGrid, a: number, b: number): number {
  const dy = Math.floor(a / columns) - Math.floor(b / columns);
  return Math.hypot(dy, (a % columns) - (b % columns));
}
