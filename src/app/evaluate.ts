import type {Domain} from '../data/domain.js';
import type {PixelThreads} from '../data/pixels/pixel-threads.js';
import {indexCaptions, type CaptionIndex} from '../eval/caption-index.js';
import {areForeign, chooseClasses, type ChosenClasses} from '../eval/class-choice.js';
import {classWeights} from '../eval/class-weights.js';
import {evaluateClassifier} from '../eval/classifier.js';
import {drawCaptions} from '../eval/draw-captions.js';
import {
  classifierResult,
  imageSearchResult,
  retrievalResult,
  zeroShotResult,
  type EvaluationResult,
  type Protocol,
  type RetrievalResult,
  type ZeroShotResult,
} from '../eval/evaluation-result.js';
import {openEvaluationSet, type EvaluationSet, type Task} from '../eval/evaluation-set.js';
import {imageSearchScores} from '../eval/image-search.js';
import {gatherRows, type Rows} from '../eval/inner-products.js';
import type {ClassNames} from '../eval/known-set.js';
import {checkTemplates, defaultTemplates, fillTemplates} from '../eval/prompts.js';
import {evaluateRetrieval, evaluateSquareRetrieval} from '../eval/retrieval.js';
import {evaluateZeroShot} from '../eval/zero-shot.js';
import type {ClassHead} from '../model/class-head.js';
import type {ClipConfig} from '../model/clip-config.js';
import type {TokenEmbedder} from '../model/diagnostics/token-embedder.js';
import type {Embedder} from '../model/embedder.js';
import type {TokenArrays, Tokenizer} from '../model/tokenizer.js';
import {trimTokens} from '../model/trim-tokens.js';
import {
  embedImages,
  embedTexts,
  pixelSource,
  told,
  type EmbeddingProgress,
  type PixelSource,
} from './embed-rows.js';
import {measureLate} from './late-evaluation.js';

/** What to measure. */
export interface EvaluationRequest {
  /** A folder, table or tar, `domain:NAME`, or `set:NAME`. */
  readonly data: string;
  /** A split by name, or `all`; undefined: `test`, else `val`, else everything. */
  readonly split?: string | undefined;
  /** At most this many images, spread over the whole set. */
  readonly limit?: number | undefined;
  readonly domain?: Domain | undefined;
  /**
   * What a set is that has labels of which the domain knows none: a mistake (undefined), or one of another subject, for
   * which its own labels and CLIP's own template are taken, as without a domain.
   */
  readonly foreign?: 'allowed' | undefined;
  /** A class set of the domain, `labels` or `raw`; undefined: the domain's smallest that has all labels. */
  readonly classes?: string | undefined;
  /** Undefined: those of the domain, else CLIP's own. */
  readonly templates?: readonly string[] | undefined;
  /** Undefined: what the data allows. */
  readonly task?: Task | undefined;
  /** Undefined: `standard`, all captions. */
  readonly protocol?: Protocol | undefined;
  /** Of the bootstrap, and of the caption drawn for each image by the s-clip protocol; undefined: 0. */
  readonly seed?: number | undefined;
}

/** Everything of an evaluation that no weight changes: made once, run on any number of models of one architecture. */
export interface PreparedEvaluation {
  readonly name: string;
  readonly split: string | undefined;
  readonly seed: number;
  readonly pixels: PixelSource;
  readonly zeroShot?: PreparedZeroShot;
  readonly retrieval?: PreparedRetrieval;
  readonly search?: NonNullable<EvaluationSet['search']>;
}

export interface PreparedZeroShot {
  readonly chosen: ChosenClasses;
  readonly templates: readonly string[];
  readonly prompts: TokenArrays;
  /** [n] numbers of the labelled images. */
  readonly images: readonly number[];
  /** [n] their classes. */
  readonly labels: Int32Array;
}

export interface PreparedRetrieval {
  readonly protocol: Protocol;
  /** [n] numbers of the captioned images. */
  readonly images: readonly number[];
  readonly captions: CaptionIndex;
  readonly texts: TokenArrays;
}

export type EvaluationProgress = EmbeddingProgress<'images' | 'prompts' | 'captions' | 'tokens'>;

/** What an evaluation is prepared with. */
export interface EvaluationTools {
  readonly config: ClipConfig;
  readonly tokenizer: Tokenizer;
  /** Threads for pixels that are there anyway. */
  readonly pixelThreads?: Pick<PixelThreads, 'evaluate'>;
}

/**
 * Opens the data, chooses the classes and tokenises all texts.
 * @throws UserError when the data cannot be read, lacks what the task needs, or has labels that the domain does not know
 */
export async function prepareEvaluation(
  request: EvaluationRequest,
  {config, tokenizer, pixelThreads}: EvaluationTools,
): Promise<PreparedEvaluation> {
  const set = await openEvaluationSet(request.data, request);
  const {labelled, captioned, search} = set;
  const named = {...request, domain: domainOfSet(set, request)};
  return {
    name: set.name,
    split: request.split,
    seed: request.seed ?? 0,
    pixels: pixelSource(set.images, config.preprocess, {pixelThreads}),
    ...(labelled && {zeroShot: prepareZeroShot(labelled, named, tokenizer)}),
    ...(captioned && {retrieval: prepareRetrieval(captioned, request, tokenizer)}),
    ...(search && {search}),
  };
}

/**
 * Makes sure that a set can be measured, before any work is begun; returns its images, and whether it is of another subject
 * than the domain.
 * @throws UserError as {@link prepareEvaluation} does
 */
export async function checkEvaluation(
  request: Pick<EvaluationRequest, 'data' | 'split' | 'domain' | 'foreign' | 'classes'>,
): Promise<{readonly images: EvaluationSet['images']; readonly isForeign: boolean}> {
  const set = await openEvaluationSet(request.data, request);
  const domain = domainOfSet(set, request);
  if (set.labelled) {
    const labels = set.labelled.map(({label}) => label);
    chooseClasses({place: request.data, labels, domain, choice: request.classes});
  }
  return {images: set.images, isForeign: domain === undefined && request.domain !== undefined};
}

/** The domain that names the classes of a set: its own, else the one asked for, unless the set is of another subject. */
function domainOfSet(
  {domain: own, labelled = []}: EvaluationSet,
  {domain, foreign}: Pick<EvaluationRequest, 'domain' | 'foreign'>,
): ClassNames | undefined {
  if (own !== undefined || domain === undefined || foreign === undefined || labelled.length === 0) {
    return own ?? domain;
  }
  return areForeign(
    labelled.map(({label}) => label),
    domain,
  )
    ? undefined
    : domain;
}

/** How a model is measured beside its embeddings. */
export interface RunOptions {
  readonly batch?: number;
  /** What sorts images into the classes that the model was trained with. */
  readonly head?: ClassHead | undefined;
  /** The model's tokens, and the method that trained the heads they go through. */
  readonly tokens?: {readonly method: string; readonly embedder: TokenEmbedder} | undefined;
}

/**
 * Measures a model. Yields progress after every batch; returns the figures, as fractions with 95 % intervals.
 * @throws UserError (numerical) when a feature is not finite
 */
export async function* runEvaluation(
  embedder: Embedder,
  prepared: PreparedEvaluation,
  {batch, head, tokens}: RunOptions = {},
): AsyncGenerator<EvaluationProgress, EvaluationResult> {
  const started = performance.now();
  const {name, split, seed, pixels, zeroShot, retrieval, search} = prepared;
  const options = batch === undefined ? {} : {batch};
  const images = yield* told('images', embedImages(embedder, pixels, options));
  const prompts = zeroShot && (yield* told('prompts', embedTexts(embedder, zeroShot.prompts, options)));
  const texts = retrieval && (yield* told('captions', embedTexts(embedder, retrieval.texts, options)));
  const measured = {
    ...(zeroShot && {zeroShot: measureZeroShot(zeroShot, {images, prompts: prompts!, seed})}),
    ...(zeroShot && head && measureClassifier(zeroShot, head, {images, seed})),
    ...(retrieval && {retrieval: measureRetrieval(retrieval, {images, texts: texts!, seed})}),
    ...(tokens && {late: yield* measureLate(tokens, prepared, options)}),
    ...(search && {
      imageSearch: imageSearchResult(imageSearchScores({images, ...search}), {
        images: search.searched.length,
        seed,
      }),
    }),
  };
  const seconds = (performance.now() - started) / 1000;
  return {dataset: name, ...(split !== undefined && {split}), seconds, ...measured};
}

function prepareZeroShot(
  labelled: NonNullable<EvaluationSet['labelled']>,
  {
    data,
    domain,
    classes,
    ...request
  }: Omit<EvaluationRequest, 'domain'> & {readonly domain: ClassNames | undefined},
  tokenizer: Tokenizer,
): PreparedZeroShot {
  const templates = request.templates ?? domain?.templates ?? defaultTemplates;
  checkTemplates(templates, request.templates ? '--templates' : `domain ${domain?.name ?? ''}`);
  const labelTexts = labelled.map(({label}) => label);
  const chosen = chooseClasses({place: data, labels: labelTexts, domain, choice: classes});
  const numbers = new Map(chosen.labels.map((label, c) => [label, c]));
  return {
    chosen,
    templates,
    prompts: trimTokens(tokenizer.encode(fillTemplates(templates, chosen.names))),
    images: labelled.map(({image}) => image),
    labels: Int32Array.from(labelled, ({label}) => numbers.get(label)!),
  };
}

function prepareRetrieval(
  captioned: NonNullable<EvaluationSet['captioned']>,
  {protocol = 'standard', seed = 0}: EvaluationRequest,
  tokenizer: Tokenizer,
): PreparedRetrieval {
  const all = captioned.map((row) => row.captions);
  const captions = indexCaptions(
    protocol === 's-clip' ? drawCaptions(all, seed).map((caption) => [caption]) : all,
  );
  return {
    protocol,
    captions,
    images: captioned.map(({image}) => image),
    texts: trimTokens(tokenizer.encode(captions.texts)),
  };
}

function measureZeroShot(
  {chosen, templates, images, labels}: PreparedZeroShot,
  features: {readonly images: Rows; readonly prompts: Rows; readonly seed: number},
): ZeroShotResult {
  const {values, dim} = features.prompts;
  const count = chosen.labels.length;
  const weights = classWeights({features: values, classes: count, templates: templates.length, dim});
  const classes = {values: weights, count, dim};
  const measured = evaluateZeroShot({images: gatherRows(features.images, images), classes, labels});
  return zeroShotResult(measured, chosen, {templates, seed: features.seed});
}

/** Nothing when the data has a class that the head does not know. */
function measureClassifier(
  {chosen, images, labels}: PreparedZeroShot,
  head: ClassHead,
  features: {readonly images: Rows; readonly seed: number},
): Pick<EvaluationResult, 'classifier'> {
  const numbers = Int32Array.from(labels, (label) => head.labels.indexOf(chosen.labels[label]!));
  if (numbers.includes(-1)) return {};
  const measured = evaluateClassifier({images: gatherRows(features.images, images), head, labels: numbers});
  return {classifier: classifierResult(measured, head, features.seed)};
}

function measureRetrieval(
  {protocol, images, captions}: PreparedRetrieval,
  features: {readonly images: Rows; readonly texts: Rows; readonly seed: number},
): RetrievalResult {
  const request = {images: gatherRows(features.images, images), texts: features.texts, captions};
  const measured = protocol === 's-clip' ? evaluateSquareRetrieval(request) : evaluateRetrieval(request);
  return retrievalResult(measured, {protocol, images: images.length, captions}, features.seed);
}
