/** log of the sum of the exponentials of `count` terms, without overflow; -Infinity for none. */
export function logSumExp(count: number, term: (k: number) => number): number {
  let largest = -Infinity;
  for (let k = 0; k < count; k++) largest = Math.max(largest, term(k));
  if (largest === -Infinity) return largest;
  let sum = 0;
  for (let k = 0; k < count; k++) sum += Math.exp(term(k) - largest);
  return largest + Math.log(sum);
}
