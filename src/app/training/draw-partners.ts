import {uniform} from '../../engine/random.js';
import {innerProducts, type Rows} from '../../eval/inner-products.js';
import {exactPlan} from '../plan-row.js';

/** For each captioned image the uncaptioned ones that come into its batches, one after the other: [captioned, draws]. */
export type Partners = readonly (readonly number[])[];

export interface PartnerOptions {
  /** s = exp(logit_scale) of the model that the features are of. */
  readonly scale: number;
  /** How many partners a captioned image gets. */
  readonly draws: number;
  readonly seed: number;
  readonly stream: number;
}

/**
 * Draws partners by the optimal transport between all captioned and all uncaptioned images: an uncaptioned image comes
 * into the batches of the captioned ones it looks like, and all of them come about equally often.
 * @param captioned [n, d], rows of unit length
 * @param uncaptioned [u, d], rows of unit length
 * @returns [n, draws] numbers of uncaptioned images; one may be drawn again
 */
export function drawPartners(
  captioned: Rows,
  uncaptioned: Rows,
  {scale, draws, seed, stream}: PartnerOptions,
): Partners {
  const [rows, columns] = [captioned.count, uncaptioned.count];
  const values = new Float64Array(rows * columns);
  innerProducts(captioned, uncaptioned, {start: 0, end: rows}, values);
  const plan = exactPlan({values, rows, columns}, {transport: 'ot', scale}).rows;
  return Array.from({length: rows}, (_row, j) => {
    const shares = plan.subarray(j * columns, (j + 1) * columns);
    const at = Array.from({length: draws}, (_draw, m) => uniform(seed, stream, j, m));
    return drawn(shares, at);
  });
}

/** For each number in [0, 1) the place whose share of the sum it falls into. */
function drawn(shares: Float64Array, numbers: readonly number[]): number[] {
  let sum = 0;
  const sums = shares.map((share) => (sum += share));
  return numbers.map((number) => firstAbove(sums, number * sum));
}

/** Place of the first of ascending sums that is above a number. */
function firstAbove(sums: Float64Array, number: number): number {
  let [low, high] = [0, sums.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sums[middle]! > number) high = middle;
    else low = middle + 1;
  }
  return low;
}
