import type {EvaluationResult} from '../../eval/evaluation-result.js';
import {benchmarkMetrics} from '../../eval/metric-names.js';
import {pairedDifferences} from '../../eval/paired-differences.js';
import type {Figure, Figures} from '../../report/figure.js';

/** A model that was measured. */
export interface TriedModel {
  /** `before`, `supervised` or `s-clip`. */
  readonly label: string;
  readonly figures: Figures;
  /** The share of each class that is recognised. */
  readonly classes: readonly {readonly name: string; readonly images: number; readonly recall: number}[];
}

/** By how much one model is better than another, on the same images. */
export interface TriedDifference {
  readonly better: string;
  readonly than: string;
  readonly figures: Figures;
}

/** All that a try found, as plain data. */
export interface TryReport {
  readonly type: 'try';
  readonly version: 1;
  readonly folder: string;
  readonly page: string;
  readonly budget: 'full' | 'fast';
  readonly model: string;
  readonly engine: string;
  readonly seed: number;
  readonly steps: number;
  readonly batch: number;
  readonly images: {readonly captioned: number; readonly unpaired: number; readonly test: number};
  readonly models: readonly TriedModel[];
  readonly differences: readonly TriedDifference[];
  /** What the differences say of S-CLIP, in words. */
  readonly verdict: string;
  /** Uncaptioned images drawn by the seed, with the captions that transport gives them. */
  readonly samples: readonly TriedSample[];
  readonly next: readonly string[];
  readonly seconds: number;
}

export interface TriedSample {
  readonly image: string;
  readonly captions: readonly {
    readonly by: string;
    readonly lines: readonly {readonly caption: string; readonly weight: number}[];
  }[];
}

/** The figures that are shown, by their names for people, and CLIP_benchmark's. */
const shownFigures: readonly (readonly [name: string, metric: string])[] = [
  ['zero-shot groups', 'acc1'],
  ['text to image R@1', 'image_retrieval_recall@1'],
  ['text to image R@5', 'image_retrieval_recall@5'],
  ['image to text R@1', 'text_retrieval_recall@1'],
  ['image to text R@5', 'text_retrieval_recall@5'],
];

/** A measured model with the figures that are shown. */
export interface Measurement {
  readonly label: string;
  readonly result: EvaluationResult;
}

/** Its figures and classes. */
export function triedModel({label, result}: Measurement): TriedModel {
  const classes = result.zeroShot?.perClass ?? [];
  return {
    label,
    figures: named(benchmarkMetrics(result)),
    classes: classes.map(({name, n, recall}) => ({name, images: n, recall})),
  };
}

/** How much better the second is than the first, on the same resamples of the images. */
export function triedDifference(than: Measurement, better: Measurement, seed: number): TriedDifference {
  const figures = named(pairedDifferences(than.result, better.result, seed));
  return {better: better.label, than: than.label, figures};
}

function named(metrics: Figures): Figures {
  return Object.fromEntries(
    shownFigures.flatMap(([name, metric]) => {
      const found = metrics[metric];
      return found === undefined ? [] : [[name, plainFigure(found)]];
    }),
  );
}

/** Without the scores of the images. */
function plainFigure({value, ci95}: Figure): Figure {
  return {value, ...(ci95 && {ci95})};
}
