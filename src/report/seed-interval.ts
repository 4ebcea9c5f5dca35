/** Two-sided 97.5 % quantiles of Student's t for 1 to 10 degrees of freedom; the normal one is close above. */
const studentQuantiles = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228] as const;

/** Mean of values over seeds. */
export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/**
 * Half the width of the 95 % confidence interval of a mean over seeds, by Student's t; undefined for one value.
 */
export function seedHalfWidth(values: readonly number[]): number | undefined {
  const n = values.length;
  if (n < 2) return undefined;
  const centre = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (n - 1);
  const quantile = studentQuantiles[n - 2] ?? 1.96;
  return quantile * Math.sqrt(variance / n);
}
