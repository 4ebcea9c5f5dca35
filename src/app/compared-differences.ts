import {itemHalfWidth, meanScores} from '../eval/item-differences.js';
import type {ComparedDifferences, Difference} from '../report/differences-table.js';
import {mean, seedHalfWidth} from '../report/seed-interval.js';
import type {Metrics} from './events.js';
import type {Items} from './training/planned-evaluations.js';

/** What was measured of a model on the sets of a comparison. */
export interface Measurement {
  readonly metrics: Metrics;
  /** Undefined when it is not known what each image scored. */
  readonly items: Items | undefined;
}

/** A finished run of a comparison. */
export interface MeasuredRun extends Measurement {
  readonly label: string;
  readonly seed: number;
}

/** How much better the runs are than the model before them, and than those of the first entry, seed by seed. */
export function comparedDifferences(
  before: Measurement,
  runs: readonly MeasuredRun[],
): readonly ComparedDifferences[] {
  const [first, ...others] = [...new Set(runs.map(({label}) => label))];
  if (first === undefined) return [];
  const table = (against: string, labels: readonly string[], referenceOf: ReferenceOf) => ({
    against,
    rows: labels.map((label) => ({
      label,
      values: differences(
        runs.filter((run) => run.label === label),
        referenceOf,
      ),
    })),
  });
  const ofFirst = (seed: number) => runs.find((run) => run.label === first && run.seed === seed);
  return [
    table('before', [first, ...others], () => before),
    ...(others.length > 0 ? [table(first, others, ofFirst)] : []),
  ];
}

/** What a run of a seed is compared with; undefined: there is nothing. */
type ReferenceOf = (seed: number) => Measurement | undefined;

interface Pair {
  readonly run: Measurement;
  readonly reference: Measurement;
}

function differences(
  runs: readonly MeasuredRun[],
  referenceOf: ReferenceOf,
): Readonly<Record<string, Difference>> {
  const pairs = runs.flatMap((run): Pair[] => {
    const reference = referenceOf(run.seed);
    return reference === undefined ? [] : [{run, reference}];
  });
  // heads and tokens are measured of some methods only
  const isCommon = (name: string) => pairs.every(({reference}) => name in reference.metrics);
  const names = Object.keys(pairs[0]?.run.metrics ?? {}).filter(isCommon);
  return Object.fromEntries(names.map((name) => [name, difference(name, pairs)]));
}

/**
 * The mean over seeds with the half width of its 95 % interval. What seeds and what the choice of test images leave open has no
 * part in common, so that their half widths add in squares.
 */
function difference(name: string, pairs: readonly Pair[]): Difference {
  const gains = pairs.map(({run, reference}) => run.metrics[name]!.value - reference.metrics[name]!.value);
  const halfWidths = [seedHalfWidth(gains), imageHalfWidth(name, pairs)].filter((half) => half !== undefined);
  return {
    value: mean(gains),
    ...(halfWidths.length > 0 && {halfWidth: Math.hypot(...halfWidths)}),
  };
}

function imageHalfWidth(name: string, pairs: readonly Pair[]): number | undefined {
  const scores = (of: keyof Pair) =>
    pairs.map((pair) => pair[of].items?.[name]).filter((known) => known !== undefined);
  const [runs, references] = [scores('run'), scores('reference')];
  if (runs.length < pairs.length || references.length < pairs.length) return undefined;
  return itemHalfWidth(meanScores(references), meanScores(runs));
}
