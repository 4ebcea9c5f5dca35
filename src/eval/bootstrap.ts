import {uniform} from '../engine/random.js';
import {BugError} from '../support/errors.js';

/** What one metric says about each of n items: the metric is sum(sums) / sum(counts), or its mean over the groups. */
export interface ItemScores {
  /** [n] hits among the queries of an item. */
  readonly sums: ArrayLike<number>;
  /** [n] number of queries of an item. */
  readonly counts: ArrayLike<number>;
  /** [n] class of an item: the metric is then the mean over the classes of their sum(sums) / sum(counts). */
  readonly groups?: ArrayLike<number>;
}

export interface BootstrapOptions {
  readonly seed: number;
  /** Defaults to 1000. */
  readonly resamples?: number;
}

export type Interval = readonly [low: number, high: number];

/** A fraction with its 95 % interval. */
export interface Estimate {
  readonly value: number;
  readonly ci95: Interval;
}

/** First counter of the draws, so that they are not the draws of another use of the same seed. */
const bootstrapStream = 0xb007;

/** The value of a metric over all items; NaN when there is no query at all. */
export function metricValue(scores: ItemScores): number {
  return weightedValue(scores, new Float64Array(scores.sums.length).fill(1));
}

/** {@link bootstrapIntervals} for one metric. */
export function bootstrapInterval(scores: ItemScores, options: BootstrapOptions): Interval {
  return bootstrapIntervals({scores}, options).scores;
}

/**
 * 95 % percentile bootstrap intervals (Efron 1979): the items (images with all their queries) are drawn again with
 * replacement, each metric is computed on every resample, and the 2.5 % and 97.5 % quantiles are the interval. All
 * metrics share the resamples.
 */
export function bootstrapIntervals<K extends string>(
  metrics: Readonly<Record<K, ItemScores>>,
  options: BootstrapOptions,
): Record<K, Interval> {
  const names = Object.keys(metrics) as K[];
  const values = resampledValues(
    names.map((name) => metrics[name]),
    options,
  );
  return Object.fromEntries(names.map((name, i) => [name, percentiles(values[i]!)])) as Record<K, Interval>;
}

/**
 * How much better `after` is than `before` on the same items, with the 95 % interval of the difference: both are
 * evaluated on the same resamples, so what is hard for both cancels. An interval without 0 is a difference that chance
 * does not explain.
 */
export function pairedInterval(before: ItemScores, after: ItemScores, options: BootstrapOptions): Estimate {
  if (before.sums.length !== after.sums.length) {
    throw new BugError(
      `pairedInterval: expected the same items in both, got ${before.sums.length} and ${after.sums.length}`,
    );
  }
  const [first, second] = resampledValues([before, after], options);
  const differences = second!.map((value, r) => value - first![r]!);
  return {value: metricValue(after) - metricValue(before), ci95: percentiles(differences)};
}

/** The values of metrics over n common items in each resample: one array [resamples] a metric. */
function resampledValues(
  metrics: readonly ItemScores[],
  {seed, resamples = 1000}: BootstrapOptions,
): Float64Array[] {
  const n = metrics[0]?.sums.length ?? 0;
  const values = metrics.map(() => new Float64Array(resamples));
  const times = new Float64Array(n);
  for (let r = 0; r < resamples; r++) {
    times.fill(0);
    for (let k = 0; k < n; k++) {
      const item = Math.floor(uniform(seed, bootstrapStream, r, k) * n);
      times[item] = times[item]! + 1;
    }
    metrics.forEach((scores, m) => (values[m]![r] = weightedValue(scores, times)));
  }
  return values;
}

/** The metric when item i is taken times[i] times. */
function weightedValue(scores: ItemScores, times: Float64Array): number {
  return scores.groups === undefined ? ratio(scores, times) : groupMean(scores, scores.groups, times);
}

function ratio({sums, counts}: ItemScores, times: Float64Array): number {
  let hits = 0;
  let queries = 0;
  for (let i = 0; i < times.length; i++) {
    hits += times[i]! * sums[i]!;
    queries += times[i]! * counts[i]!;
  }
  return hits / queries;
}

/** The mean over the groups that occur. */
function groupMean({sums, counts}: ItemScores, groups: ArrayLike<number>, times: Float64Array): number {
  const hits = new Map<number, number>();
  const queries = new Map<number, number>();
  for (let i = 0; i < times.length; i++) {
    if (times[i] === 0) continue;
    const group = groups[i]!;
    hits.set(group, (hits.get(group) ?? 0) + times[i]! * sums[i]!);
    queries.set(group, (queries.get(group) ?? 0) + times[i]! * counts[i]!);
  }
  let total = 0;
  for (const [group, count] of queries) total += hits.get(group)! / count;
  return total / queries.size;
}

/** The 2.5 % and 97.5 % quantiles, linear between neighbours. Resamples without a single query are left out. */
function percentiles(values: Float64Array): Interval {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  return [quantile(sorted, 0.025), quantile(sorted, 0.975)];
}

function quantile(sorted: Float64Array, share: number): number {
  if (sorted.length === 0) return NaN;
  const place = share * (sorted.length - 1);
  const below = Math.floor(place);
  const above = Math.min(below + 1, sorted.length - 1);
  return sorted[below]! + (place - below) * (sorted[above]! - sorted[below]!);
}
