import {innerProducts, type Rows} from './inner-products.js';

/** Entries of a block of scores: 8 MiB of float64, however large the sets are. */
const blockEntries = 1 << 20;

/** Scores of queries against a gallery. */
export interface Scores {
  readonly queries: number;
  readonly gallery: number;
  /** Writes the scores of queries start .. end into `out` [end - start, gallery]. */
  readonly block: (start: number, end: number, out: Float64Array) => void;
}

/** Inner products of features: [q, d] and [g, d]. */
export function productScores(queries: Rows, gallery: Rows): Scores {
  return {
    queries: queries.count,
    gallery: gallery.count,
    block: (start, end, out) => innerProducts(queries, gallery, {start, end}, out),
  };
}

/** Scores that are there already, [q, g]. */
export function tableScores(values: Float64Array, queries: number): Scores {
  const gallery = values.length / queries;
  return {
    queries,
    gallery,
    block: (start, end, out) => out.set(values.subarray(start * gallery, end * gallery)),
  };
}

export interface RankRequest {
  readonly scores: Scores;
  /** Gallery rows that are right answers to a query: at least one, none twice. */
  readonly relevant: (query: number) => ArrayLike<number>;
  /** [g] how many items stand behind a gallery row; undefined: one each. */
  readonly copies?: ArrayLike<number>;
  /** Whether a wrong item that scores exactly as much as the best right one is counted ahead of it. */
  readonly ties: 'ahead' | 'behind';
}

/**
 * For each query the number of wrong gallery items ahead of the best right one: its rank counted from 0, [q]. Scores
 * are computed and forgotten block by block.
 */
export function rankRows(request: RankRequest): Int32Array {
  const {queries, gallery, block} = request.scores;
  const step = Math.max(1, Math.min(queries, Math.floor(blockEntries / Math.max(1, gallery))));
  const scores = new Float64Array(step * gallery);
  const ranks = new Int32Array(queries);
  for (let start = 0; start < queries; start += step) {
    const end = Math.min(queries, start + step);
    block(start, end, scores);
    for (let q = start; q < end; q++) {
      const row = scores.subarray((q - start) * gallery, (q - start + 1) * gallery);
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
