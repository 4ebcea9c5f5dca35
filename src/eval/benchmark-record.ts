import type {Interval} from './bootstrap.js';
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
  /** `zeroshot_classification`, `zeroshot_retrieval`, or both joined by `+`. */
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
  readonly retrieval?: {
    readonly protocol: string;
    readonly images: number;
    readonly captions: number;
    readonly distinct_texts: number;
    readonly image_to_text: Ranks;
    readonly text_to_image: Ranks;
  };
  readonly seconds: number;
}

interface Ranks {
  readonly queries: number;
  readonly mean_rank: number;
  readonly median_rank: number;
}

/** The record of an evaluation: plain data for a JSON file. */
export function benchmarkRecord(result: EvaluationResult, about: EvaluatedModel): BenchmarkRecord {
  const {dataset, split, seconds, zeroShot, retrieval} = result;
  const measured = Object.entries(benchmarkMetrics(result));
  const values: Record<string, number | null> = Object.fromEntries(
    measured.map(([name, {value}]) => [name, value]),
  );
  if (zeroShot && !zeroShot.acc5) values['acc5'] = null;
  return {
    dataset,
    split: split ?? null,
    model: about.model,
    pretrained: about.pretrained,
    task: [zeroShot && 'zeroshot_classification', retrieval && 'zeroshot_retrieval']
      .filter(Boolean)
      .join('+'),
    metrics: values,
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
    seconds,
  };
}

function ranks({queries, meanRank, medianRank}: DirectionResult): Ranks {
  return {queries, mean_rank: meanRank, median_rank: medianRank};
}
