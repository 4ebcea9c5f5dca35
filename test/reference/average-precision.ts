/**
 * Average precision rank by rank: how much recall grew at each, times the mean of the precision before and after it. The
 * first has a precision of 1 before it.
 */
export function averagePrecision(ranked: readonly boolean[]): number {
  const positives = ranked.filter(Boolean).length;
  const at = ranked.map((_, i) => {
    const right = ranked.slice(0, i + 1).filter(Boolean).length;
    return {recall: right / positives, precision: right / (i + 1)};
  });
  return at.reduce((area, {recall, precision}, i) => {
    const before = at[i - 1] ?? {recall: 0, precision: 1};
    return area + (recall - before.recall) * ((before.precision + precision) / 2);
  }, 0);
}
