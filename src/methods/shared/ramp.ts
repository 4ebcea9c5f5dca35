import type {Progress} from '../contract/method.js';

/** Share of the steps over which a term gets its full weight, so that new weights can find their place first. */
const rampShare = 0.1;

/** A weight that grows evenly over the first tenth of the steps: already above 0 in the first, full from then on. */
export function rampedWeight(weight: number, {step, steps}: Progress): number {
  return weight * Math.min(1, (step + 1) / (rampShare * steps));
}
