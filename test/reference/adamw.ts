/** AdamW in float64, one number at a time, from the equations of arXiv:1711.05101 in PyTorch's order. */
export interface AdamWSettings {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
  readonly decay: number;
}

/** The weight after each step; `gradients` and `rates` have one entry a step. */
export function adamWPath(
  start: number,
  gradients: readonly number[],
  rates: readonly number[],
  {beta1, beta2, epsilon, decay}: AdamWSettings,
): number[] {
  let weight = start;
  let mean = 0;
  let meanSquare = 0;
  return gradients.map((gradient, i) => {
    const t = i + 1;
    const rate = rates[i]!;
    weight -= rate * decay * weight;
    mean = beta1 * mean + (1 - beta1) * gradient;
    meanSquare = beta2 * meanSquare + (1 - beta2) * gradient ** 2;
    const unbiased = mean / (1 - beta1 ** t);
    const root = Math.sqrt(meanSquare / (1 - beta2 ** t));
    weight -= (rate * unbiased) / (root + epsilon);
    return weight;
  });
}

/** PyTorch's clip_grad_norm_: all gradients times limit / (norm + 1e-6), when that is below 1. */
export function clipped(gradients: readonly number[], limit: number): number[] {
  const norm = Math.sqrt(gradients.reduce((sum, gradient) => sum + gradient ** 2, 0));
  const factor = Math.min(1, limit / (norm + 1e-6));
  return gradients.map((gradient) => gradient * factor);
}
