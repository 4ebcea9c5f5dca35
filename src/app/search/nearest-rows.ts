/** A row of a shard and how near it is. */
export interface FoundRow {
  /** Number of the shard in its list. */
  readonly shard: number;
  /** Counted from 0 in the shard. */
  readonly row: number;
  /** Cosine with the query. */
  readonly score: number;
}

/** Keeps the nearest of any number of rows. */
export interface NearestRows {
  /**
   * Looks at rows in their order.
   * @param values [n, d]; rows need not be of unit length
   */
  see(shard: number, start: number, values: Float32Array): void;
  /** The nearest first; of equal ones the first that was seen. */
  found(): readonly FoundRow[];
}

/**
 * Exact search for the `top` rows with the largest cosine with a query.
 * @param query [d], of unit length
 */
export function nearestRows(query: ArrayLike<number>, top: number): NearestRows {
  const best: FoundRow[] = [];
  const dim = query.length;
  return {
    see(shard, start, values) {
      for (let i = 0, at = 0; at < values.length; i++, at += dim) {
        let [product, square] = [0, 0];
        for (let k = 0; k < dim; k++) {
          const value = values[at + k]!;
          product += value * query[k]!;
          square += value * value;
        }
        // a row of zeros is like nothing
        const score = square === 0 ? 0 : product / Math.sqrt(square);
        if (best.length === top && !(score > best[top - 1]!.score)) continue;
        insert(best, {shard, row: start + i, score});
        if (best.length > top) best.pop();
      }
    },
    found: () => [...best],
  };
}

/** Behind all that are as near. */
function insert(best: FoundRow[], found: FoundRow): void {
  let place = best.length;
  while (place > 0 && best[place - 1]!.score < found.score) place--;
  best.splice(place, 0, found);
}
