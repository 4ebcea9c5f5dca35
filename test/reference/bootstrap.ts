/** A percentile bootstrap that really draws lists of items, slowly. `draw(r, k)` is in [0, 1). */
export function referenceInterval<T>(
  items: readonly T[],
  metric: (items: readonly T[]) => number,
  {resamples, draw}: {readonly resamples: number; readonly draw: (resample: number, place: number) => number},
): [number, number] {
  const values: number[] = [];
  for (let r = 0; r < resamples; r++) {
    const drawn: T[] = [];
    for (let k = 0; k < items.length; k++) drawn.push(items[Math.floor(draw(r, k) * items.length)]!);
    values.push(metric(drawn));
  }
  values.sort((a, b) => a - b);
  return [percentile(values, 2.5), percentile(values, 97.5)];
}

/** Linear between the two nearest order statistics, as numpy.percentile does by default. */
function percentile(sorted: readonly number[], percent: number): number {
  const place = (percent / 100) * (sorted.length - 1);
  const low = sorted[Math.floor(place)]!;
  const high = sorted[Math.ceil(place)]!;
  return low * (1 - (place % 1)) + high * (place % 1);
}
