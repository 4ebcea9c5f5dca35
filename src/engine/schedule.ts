export interface WarmupCosine {
  /** The rate at the end of the warm-up. */
  readonly baseRate: number;
  readonly warmupSteps: number;
  readonly totalSteps: number;
}

/**
 * Learning rate of a step (counted from 0): rises linearly to the base rate over the warm-up, then falls along half a
 * cosine and ends just above 0. Open_clip's and S-CLIP's schedule.
 */
export function warmupCosine(step: number, {baseRate, warmupSteps, totalSteps}: WarmupCosine): number {
  if (step < warmupSteps) return (baseRate * (step + 1)) / warmupSteps;
  const share = (step - warmupSteps) / (totalSteps - warmupSteps);
  return 0.5 * (1 + Math.cos(Math.PI * share)) * baseRate;
}
