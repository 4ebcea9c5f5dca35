import {innerProducts, type Rows} from './inner-products.js';

/** Entries of a block of scores: 8 MiB of float64, however large the sets are. */
const blockEntries = 1 << 20;

export interface RankRequest {
  /** [q, d]. */
  readonly queries: Rows;
  /** [g, d]. */
  readonly gallery: Rows;
  /** Gallery rows that are right answers to a query: at least one, none twice. */
  readonly relevant: (query: number) => ArrayLike<number>;
  /** [g] how many items stand behind a gallery row; undefined: one each. */
  readonly copies?: ArrayLike<number>;
  /** Whether a wrong item that scores exactly as much as the best right one is counted ahead of it. */
  readonly ties: 'ahead' | 'behind';
}

/**
 * For each query the number of wrong gallery items ahead of the best right one: its rank counted from 0, [q]. Scores
 * are inner products, computed and forgotten block by block.
 */
export function rankRows(request: RankRequest): Int32Array {
  const {queries, gallery} = request;
  const step = Math.max(1, Math.min(queries.count, Math.floor(blockEntries / Math.max(1, gallery.count))));
  const scores = new Float64Array(step * gallery.count);
  const ranks = new Int32Array(queries.count);
  for (let start = 0; start < queries.count; start += step) {
    const end = Math.min(queries.count, start + step);
    innerProducts(queries, gallery, {start, end}, scores);
    for (let q = start; q < end; q++) {
      const row = scores.subarray((q - start) * gallery.count, (q - start + 1) * gallery.count);
      ranks[q] = rankInRow(row, request.relevant(q), request);
    }
  }
  return ranks;
}

/** The rank, counted from 0, of the best of the relevant entries of one row of scores. */
function rankInRow(
  row: Float64Array,
  relevant: ArrayLike<number>,
  {copies, ties}: Pick<RankRequest, 'copies' | 'ties'>,
): number {
  let best = -Infinity;
  for (let r = 0; r < relevant.length; r++) best = Math.max(best, row[relevant[r]!]!);
  const isAhead = ties === 'ahead' ? (score: number) => score >= best : (score: number) => score > best;
  let rank = 0;
  for (let j = 0; j < row.length; j++) if (isAhead(row[j]!)) rank += copies?.[j] ?? 1;
  for (let r = 0; r < relevant.length; r++) {
    if (isAhead(row[relevant[r]!]!)) rank -= copies?.[relevant[r]!] ?? 1;
  }
  return rank;
}
