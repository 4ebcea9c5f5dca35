import type {Estimate, Interval} from './bootstrap.js';
import type {ClassResult, DirectionResult, EvaluationResult} from './evaluation-result.js';
import {benchmarkMetrics} from './metric-names.js';

/** What was evaluated. */
export interface EvaluatedModel {
  /** CLIP_benchmark's model: the architecture or the folder's name. */
  readonly model: string;
  /** CLIP_benchmark's weights tag, or the reference that the model was asked by. */
  readonly pretrained: string;
  /** The adaptation that made the weights; `zero-shot` for weights as published. */
  readonly method: string;
  /** Of the run that made the weights, where it is known. */
  readonly trainingSeed?: number;
  /** Of the bootstrap and of drawn captions. */
  readonly seed: number;
}

/** A result file as CLIP_benchmark writes it, plus `seed`, `method`, `ci95` and what the figures mean. */
export interface BenchmarkRecord extends Omit<EvaluatedModel, 'trainingSeed'> {
  readonly training_seed?: number;
  readonly dataset: string;
  /** The split that was asked for; null: `test`, else `val`, else everything. */
  readonly split: string | null;
  /** `zeroshot_classification`, `zeroshot_retrieval`, `image_search`, or several joined by `+`. */
  readonly task: string;
  /** Fractions, 0 to 1. `acc5` is null with fewer than five classes. */
  readonly metrics: Readonly<Record<string, number | null>>;
  readonly language: 'en';
  /** 95 % bootstrap interval of each metric. */
  readonly ci95: Readonly<Record<string, Interval>>;
  readonly zeroshot?: {
    readonly images: number;
    readonly class_set: string;
    readonly classes: number;
    readonly templates: readonly string[];
    readonly per_class: readonly ClassResult[];
  };
  /** The method whose heads compare tokens for the metrics that begin with `late_`. */
  readonly late?: {readonly method: string};
  readonly classifier?: {
    readonly method: string;
    readonly images: number;
    readonly classes: number;
    readonly per_class: readonly ClassResult[];
  };
  readonly retrieval?: {
    readonly protocol: string;
    readonly images: number;
    readonly captions: number;
    readonly distinct_texts: number;
    readonly image_to_text: Ranks;
    readonly text_to_image: Ranks;
  };
  readonly image_search?: {readonly queries: number; readonly images: number};
  /** Another model on the same images: its metrics, and how much better this one is. */
  readonly baseline?: {
    readonly model: string;
    readonly pretrained: string;
    readonly method: string;
    readonly metrics: Readonly<Record<string, number | null>>;
    readonly difference: Readonly<Record<string, number>>;
    readonly difference_ci95: Readonly<Record<string, Interval>>;
  };
  readonly seconds: number;
}

/** A model to compare with, measured on the same images. */
export interface Baseline {
  readonly result: EvaluationResult;
  readonly about: Omit<EvaluatedModel, 'seed'>;
  readonly differences: Readonly<Record<string, Estimate>>;
}

interface Ranks {
  readonly queries: number;
  readonly mean_rank: number;
  readonly median_rank: number;
}

/** The record of an evaluation: plain data for a JSON file. */
export function benchmarkRecord(
  result: EvaluationResult,
  about: EvaluatedModel,
  baseline?: Baseline,
): BenchmarkRecord {
  const {dataset, split, seconds, zeroShot, classifier, late, retrieval, imageSearch} = result;
  const measured = Object.entries(benchmarkMetrics(result));
  return {
    dataset,
    split: split ?? null,
    model: about.model,
    pretrained: about.pretrained,
    task: [
      zeroShot && 'zeroshot_classification',
      retrieval && 'zeroshot_retrieval',
      imageSearch && 'image_search',
    ]
      .filter(Boolean)
      .join('+'),
    metrics: metricValues(result),
    language: 'en',
    method: about.method,
    ...(about.trainingSeed !== undefined && {training_seed: about.trainingSeed}),
    seed: about.seed,
    ci95: Object.fromEntries(measured.map(([name, {ci95}]) => [name, ci95])),
    ...(zeroShot && {
      zeroshot: {
        images: zeroShot.images,
        class_set: zeroShot.classSet,
        classes: zeroShot.classes,
        templates: zeroShot.templates,
        per_class: zeroShot.perClass,
      },
    }),
    ...(late && {late: {method: late.method}}),
    ...(classifier && {
      classifier: {
        method: classifier.method,
        images: classifier.images,
        classes: classifier.classes,
        per_class: classifier.perClass,
      },
    }),
    ...(retrieval && {
      retrieval: {
        protocol: retrieval.protocol,
        images: retrieval.images,
        captions: retrieval.captions,
        distinct_texts: retrieval.distinctTexts,
        image_to_text: ranks(retrieval.imageToText),
        text_to_image: ranks(retrieval.textToImage),
      },
    }),
    ...(imageSearch && {image_search: {queries: imageSearch.queries, images: imageSearch.images}}),
    ...(baseline && {baseline: baselineRecord(baseline)}),
    seconds,
  };
}

function metricValues(result: EvaluationResult): Record<string, number | null> {
  const values = Object.entries(benchmarkMetrics(result)).map(([name, {value}]) => [name, value]);
  return {
    ...(Object.fromEntries(values) as Record<string, number>),
    ...(result.zeroShot && !result.zeroShot.acc5 && {acc5: null}),
  };
}

function baselineRecord({result, about, differences}: Baseline): NonNullable<BenchmarkRecord['baseline']> {
  const {model, pretrained, method} = about;
  const entries = Object.entries(differences);
  return {
    model,
    pretrained,
    method,
    metrics: metricValues(result),
    difference: Object.fromEntries(entries.map(([name, {value}]) => [name, value])),
    difference_ci95: Object.fromEntries(entries.map(([name, {ci95}]) => [name, ci95])),
  };
}

function ranks({queries, meanRank, medianRank}: DirectionResult): Ranks {
  return {queries, mean_rank: meanRank, median_rank: medianRank};
}
