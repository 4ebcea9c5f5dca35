import {BugError} from '../../src/support/errors.js';

/** What a figure came to over the rounds. */
export interface Spread {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

/** Median and range of the values of the rounds; at least one. */
export function spread(values: readonly number[]): Spread {
  const sorted = [...values].sort((a, b) => a - b);
  const [low, high] = [sorted[0], sorted.at(-1)];
  if (low === undefined || high === undefined) throw new BugError('spread: expected values, got none');
  const half = sorted.length / 2;
  return {median: (sorted[Math.ceil(half) - 1]! + sorted[Math.floor(half)]!) / 2, low, high};
}

/** a / b round by round: what drifts from round to round drifts on both sides. */
export function ratios(a: readonly number[], b: readonly number[]): number[] {
  if (a.length !== b.length)
    throw new BugError(`ratios: expected as many rounds of both, got ${a.length} and ${b.length}`);
  return a.map((value, round) => value / b[round]!);
}

/** The highest of several contenders, round by round. */
export function bestOf(contenders: readonly (readonly number[])[]): number[] {
  const [first, ...rest] = contenders;
  if (first === undefined) throw new BugError('bestOf: expected a contender, got none');
  return first.map((value, round) => Math.max(value, ...rest.map((other) => other[round]!)));
}

/** `1.84 (1.80-1.91)` */
export function spreadText({median, low, high}: Spread, digits: number): string {
  return `${median.toFixed(digits)} (${low.toFixed(digits)}-${high.toFixed(digits)})`;
}
