import {bootstrapIntervals, metricValue, type Estimate, type ItemScores} from './bootstrap.js';
import type {ClassHead} from '../model/class-head.js';
import type {CaptionIndex} from './caption-index.js';
import type {ChosenClasses} from './class-choice.js';
import {recallCutoffs, type RecallCutoff, type Retrieval, type RetrievalDirection} from './retrieval.js';
import type {ZeroShot} from './zero-shot.js';

/** An estimate with what it was computed from, so that two models can be compared item by item. */
export interface Measured extends Estimate {
  readonly scores: ItemScores;
}

export interface ClassResult {
  /** As the data writes it. */
  readonly label: string;
  /** As it went into the templates. */
  readonly name: string;
  readonly n: number;
  /** Fraction, 0 to 1. */
  readonly recall: number;
  /** The class that most of the wrongly predicted images are taken for. */
  readonly takenFor?: {readonly name: string; readonly n: number};
}

export interface ZeroShotResult {
  readonly images: number;
  readonly classSet: string;
  readonly classes: number;
  readonly templates: readonly string[];
  readonly acc1: Measured;
  /** Undefined with fewer than five classes. */
  readonly acc5?: Measured;
  readonly meanPerClassRecall: Measured;
  readonly perClass: readonly ClassResult[];
}

/** Classification by a head that a method made, over the classes that it was trained with. */
export interface ClassifierResult extends Omit<ZeroShotResult, 'templates' | 'classSet'> {
  /** The method that made the head. */
  readonly method: string;
}

export interface DirectionResult {
  readonly queries: number;
  readonly recall: Readonly<Record<RecallCutoff, Measured>>;
  readonly meanRank: number;
  readonly medianRank: number;
}

export type Protocol = 'standard' | 's-clip';

export interface RetrievalResult {
  readonly protocol: Protocol;
  readonly images: number;
  readonly captions: number;
  readonly distinctTexts: number;
  readonly imageToText: DirectionResult;
  readonly textToImage: DirectionResult;
}

/** Searches for images of the same thing. */
export interface ImageSearchResult {
  readonly queries: number;
  /** Images that were searched. */
  readonly images: number;
  /** Mean over the queries of their average precision. */
  readonly meanAveragePrecision: Measured;
}

/** The same by comparing single tokens of images and texts (FILIP, arXiv:2111.07783). */
export interface LateResult {
  /** The method that trained the heads. */
  readonly method: string;
  readonly zeroShot?: ZeroShotResult;
  readonly retrieval?: RetrievalResult;
}

export interface EvaluationResult {
  /** Name of the data. */
  readonly dataset: string;
  /** The split that was asked for, if one was. */
  readonly split?: string;
  readonly seconds: number;
  readonly zeroShot?: ZeroShotResult;
  /** Where the model has a head and knows every class of the data. */
  readonly classifier?: ClassifierResult;
  readonly retrieval?: RetrievalResult;
  /** Where the model has heads that compare single tokens. */
  readonly late?: LateResult;
  readonly imageSearch?: ImageSearchResult;
}

/** Zero-shot classification as people read it. */
export function zeroShotResult(
  measured: ZeroShot,
  {set, labels, names}: ChosenClasses,
  {templates, seed}: {readonly templates: readonly string[]; readonly seed: number},
): ZeroShotResult {
  return {classSet: set, templates, ...classification(measured, {labels, names}, seed)};
}

/** Classification by a head as people read it. */
export function classifierResult(
  measured: ZeroShot,
  {method, labels, names}: ClassHead,
  seed: number,
): ClassifierResult {
  return {method, ...classification(measured, {labels, names}, seed)};
}

function classification(
  measured: ZeroShot,
  {labels, names}: Pick<ChosenClasses, 'labels' | 'names'>,
  seed: number,
): Omit<ClassifierResult, 'method'> {
  const {acc1, acc5, meanPerClassRecall} = measured;
  return {
    images: measured.predictions.length,
    classes: labels.length,
    ...withIntervals({acc1, ...(acc5 && {acc5}), meanPerClassRecall}, seed),
    perClass: measured.perClass.map(({index, n, recall, takenFor}) => ({
      label: labels[index]!,
      name: names[index]!,
      n,
      recall,
      ...(takenFor && {takenFor: {name: names[takenFor.index]!, n: takenFor.n}}),
    })),
  };
}

/** The mean average precision of searches with its interval. */
export function imageSearchResult(
  scores: ItemScores,
  {images, seed}: {readonly images: number; readonly seed: number},
): ImageSearchResult {
  const {meanAveragePrecision} = withIntervals({meanAveragePrecision: scores}, seed);
  return {queries: scores.sums.length, images, meanAveragePrecision};
}

/** Retrieval as people read it. */
export function retrievalResult(
  measured: Retrieval,
  {
    protocol,
    images,
    captions,
  }: Pick<RetrievalResult, 'protocol' | 'images'> & {readonly captions: CaptionIndex},
  seed: number,
): RetrievalResult {
  return {
    protocol,
    images,
    captions: captions.copies.reduce((sum, copies) => sum + copies, 0),
    distinctTexts: captions.texts.length,
    ...retrievalDirections(measured, seed),
  };
}

/** Both directions of retrieval with their intervals. */
function retrievalDirections(
  {imageToText, textToImage}: Retrieval,
  seed: number,
): Pick<RetrievalResult, 'imageToText' | 'textToImage'> {
  return {imageToText: directionResult(imageToText, seed), textToImage: directionResult(textToImage, seed)};
}

function directionResult(direction: RetrievalDirection, seed: number): DirectionResult {
  const {queries, recall, meanRank, medianRank} = direction;
  const named = Object.fromEntries(recallCutoffs.map((k) => [k, recall[k]])) as Record<
    RecallCutoff,
    ItemScores
  >;
  return {queries, recall: withIntervals(named, seed), meanRank, medianRank};
}

function withIntervals<M extends Readonly<Record<string, ItemScores>>>(
  metrics: M,
  seed: number,
): {[K in keyof M]: Measured} {
  const intervals = bootstrapIntervals(metrics, {seed});
  const entries = Object.entries(metrics).map(([name, scores]) => [
    name,
    {value: metricValue(scores), ci95: intervals[name]!, scores},
  ]);
  return Object.fromEntries(entries) as {[K in keyof M]: Measured};
}
