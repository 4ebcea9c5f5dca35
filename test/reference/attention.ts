import type {Matrix} from './matrix.js';

/** Patches of a grid as [y, x], in patches. */
function places(rows: number, columns: number): (readonly [number, number])[] {
  return Array.from({length: rows}, (_, y) =>
    Array.from({length: columns}, (_, x) => [y, x] as const),
  ).flat();
}

/** A map without its class token: rows and columns of the patches alone. */
const patchesOnly = (map: Matrix): Matrix => map.slice(1).map((row) => row.slice(1));

/** Mean cosine of all pairs of heads, of whole maps and of rows. */
export function headSimilarity(maps: readonly Matrix[]): {flattened: number; perQuery: number} {
  const whole: number[] = [];
  const rows: number[] = [];
  maps.forEach((a, i) =>
    maps.slice(i + 1).forEach((b) => {
      whole.push(cosine(a.flat(), b.flat()));
      rows.push(...a.map((row, query) => cosine(row, b[query]!)));
    }),
  );
  return {flattened: mean(whole), perQuery: mean(rows)};
}

/** Expected distance in patches from a query to what it attends to, the mean over queries. */
export function attentionDistance(map: Matrix, rows: number, columns: number): number {
  const at = places(rows, columns);
  return mean(
    patchesOnly(map).map((row, query) => {
      const mass = row.reduce((sum, weight) => sum + weight, 0);
      return row.reduce((sum, weight, key) => {
        const [[y, x], [v, u]] = [at[query]!, at[key]!];
        return sum + (weight / mass) * Math.sqrt((y - v) ** 2 + (x - u) ** 2);
      }, 0);
    }),
  );
}

/** Offset by offset: variance of the weights, the mean over offsets with more than one. */
export function translationConsistency(map: Matrix, rows: number, columns: number): number {
  const at = places(rows, columns);
  const weights = patchesOnly(map);
  const variances: number[] = [];
  for (let dy = 1 - rows; dy < rows; dy++) {
    for (let dx = 1 - columns; dx < columns; dx++) {
      const own = at.flatMap(([y, x], query) =>
        at.flatMap(([v, u], key) => (y - v === dy && x - u === dx ? [weights[query]![key]!] : [])),
      );
      if (own.length < 2) continue;
      const middle = mean(own);
      variances.push(mean(own.map((weight) => weight ** 2)) - middle ** 2);
    }
  }
  return mean(variances);
}

function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) =>
    x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / (Math.sqrt(dot(a, a)) * Math.sqrt(dot(b, b)));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
