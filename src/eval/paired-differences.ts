import {pairedInterval, type Estimate} from './bootstrap.js';
import type {EvaluationResult} from './evaluation-result.js';
import {benchmarkMetrics} from './metric-names.js';

/**
 * How much better one model is than another, metric by metric (CLIP_benchmark's names), measured on the same images:
 * differences of fractions with paired 95 % intervals.
 */
export function pairedDifferences(
  before: EvaluationResult,
  after: EvaluationResult,
  seed: number,
): Record<string, Estimate> {
  const known = benchmarkMetrics(before);
  return Object.fromEntries(
    Object.entries(benchmarkMetrics(after)).flatMap(([name, {scores}]) => {
      const other = known[name];
      return other === undefined ? [] : [[name, pairedInterval(other.scores, scores, {seed})]];
    }),
  );
}
