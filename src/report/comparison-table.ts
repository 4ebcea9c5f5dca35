import {alignedTable} from './aligned-table.js';
import {mean, seedHalfWidth} from './seed-interval.js';

/** The measured values of one method over seeds: metric name -> fraction per seed. */
export interface ComparedRow {
  readonly label: string;
  readonly seeds: number;
  readonly values: Readonly<Record<string, readonly number[]>>;
  /** Whole run, seconds per seed; none for the model before training. */
  readonly seconds: readonly number[];
}

/**
 * A comparison as a Markdown table: one row a method, one column a metric, mean over seeds in percent with the half
 * width of its 95 % interval.
 */
export function comparisonTable(rows: readonly ComparedRow[]): string {
  if (rows.length === 0) return 'no run has a result';
  const metrics = [...new Set(rows.flatMap(({values}) => Object.keys(values)))];
  const header = ['method', 'seeds', ...metrics, 'seconds'];
  const body = rows.map(({label, seeds, values, seconds}) => [
    label,
    String(seeds),
    ...metrics.map((name) => percentCell(values[name])),
    seconds.length === 0 ? '-' : mean(seconds).toFixed(0),
  ]);
  return alignedTable([header, ...body]);
}

function percentCell(values: readonly number[] | undefined): string {
  if (values === undefined || values.length === 0) return '-';
  const half = seedHalfWidth(values);
  const centre = (100 * mean(values)).toFixed(1);
  return half === undefined ? centre : `${centre} ± ${(100 * half).toFixed(1)}`;
}
