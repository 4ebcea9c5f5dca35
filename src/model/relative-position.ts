import type {PatchGrid} from './patch-grid.js';

/** Entries of a relative position bias table for one head: every offset of two patches, and three for the class token. */
export function relativePositionRows({rows, columns}: PatchGrid): number {
  return (2 * rows - 1) * (2 * columns - 1) + 3;
}

/**
 * Which entry of the table biases the attention of a query (row) to a key (column), for t = 1 + rows * columns tokens,
 * the class token first: feature distillation's shared relative position bias (arXiv:2205.14141). Patches
 * take the entry of their offset (dy + rows - 1) (2 columns - 1) + dx + columns - 1, query minus key; the last three
 * entries are for class to patch, patch to class, and class to class.
 * @returns [t * t], row-major
 */
export function relativePositionIndex(grid: PatchGrid): Int32Array {
  const {rows, columns} = grid;
  const patches = rows * columns;
  const tokens = patches + 1;
  const end = relativePositionRows(grid);
  const index = new Int32Array(tokens * tokens);
  index.fill(end - 3, 1, tokens);
  index[0] = end - 1;
  for (let query = 0; query < patches; query++) {
    const from = (query + 1) * tokens;
    index[from] = end - 2;
    for (let key = 0; key < patches; key++) {
      const dy = Math.floor(query / columns) - Math.floor(key / columns);
      const dx = (query % columns) - (key % columns);
      index[from + 1 + key] = (dy + rows - 1) * (2 * columns - 1) + dx + columns - 1;
    }
  }
  return index;
}
