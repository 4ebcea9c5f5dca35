import {innerProducts, type Rows} from './inner-products.js';

/**
 * The most similar other row of each of n rows, by inner product; of equally similar ones the first. Of one row alone it is the row itself.
 * @param rows [n, d], of unit length
 */
export function nearestOthers(rows: Rows): Int32Array {
  const cosines = new Float64Array(rows.count);
  return Int32Array.from({length: rows.count}, (_, i) => {
    innerProducts(rows, rows, {start: i, end: i + 1}, cosines);
    cosines[i] = -Infinity;
    return cosines.reduce((best, cosine, j) => (cosine > cosines[best]! ? j : best), 0);
  });
}
