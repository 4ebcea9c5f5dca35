import {loadDomain} from '../data/load-domain.js';
import {keywordMatcher, type KeywordMatching} from '../data/keywords/matching.js';
import type {EngineChoice} from '../engine/backend.js';
import {innerProducts, type Rows} from '../eval/inner-products.js';
import {createEmbedder} from '../model/embedder.js';
import {trimTokens} from '../model/trim-tokens.js';
import {embedImages, embedTexts, pixelSource, told, type EmbeddingProgress} from './embed-rows.js';
import {openEngine, openModel, type OpenedModel, type OpenModelEvent} from './open-model.js';
import {entropy, exactPlan, firstLargest, keywordTargetRow, type Plan, type Transport} from './plan-row.js';
import {keywordsOf} from './keywords-of.js';
import {openPseudoBatch, type PseudoBatch} from './pseudo-batch.js';

export interface PseudoShowOptions {
  /** Image files, or ids of uncaptioned images. */
  readonly images: readonly string[];
  readonly captioned: string;
  readonly split?: string | undefined;
  readonly labelRatio?: number | undefined;
  readonly unpaired?: string | undefined;
  /** A folder, `hf:owner/name`, or a name such as `ViT-B-32/openai`. */
  readonly model: string;
  /** Its keywords are used when no file is named. */
  readonly domain?: string | undefined;
  readonly keywords?: string | undefined;
  readonly transport: Transport;
  /** What an image is compared with: the captioned images, or their captions. */
  readonly assign: 'image' | 'text';
  readonly keywordTarget: 'ratio' | 'softmax';
  readonly keywordMatching: KeywordMatching;
  /** Sinkhorn iterations; undefined: 10. */
  readonly iterations?: number | undefined;
  /** Undefined: 1 / logit scale. */
  readonly regularisation?: number | undefined;
  /** Captioned images of the batch; undefined: all, at most 512. */
  readonly batch?: number | undefined;
  readonly seed: number;
  /** Captions shown for an image. */
  readonly top: number;
  readonly engine?: EngineChoice | undefined;
}

/** A captioned image as it is shown. */
export interface ShownCaption {
  /** Where the captioned image is. */
  readonly image: string;
  /** The caption drawn for it. */
  readonly caption: string;
  /** Of the unpaired image with what the plan compares it with. */
  readonly cosine: number;
}

export interface ShownWeight extends ShownCaption {
  /** Share of the row, 0 to 1. */
  readonly weight: number;
  /** How much of all weight the caption gets in the batch: 1 is its fair share. */
  readonly demand: number;
}

export interface PseudoLabel {
  readonly image: string;
  /** Largest weights first. */
  readonly captions: readonly ShownWeight[];
  /** -sum p log p of the row, in nats. */
  readonly entropy: number;
  /** exp(entropy): so many captions of equal weight have the same entropy. */
  readonly effectiveCaptions: number;
  /** The captioned image with the largest cosine; the plan need not give it the largest weight. */
  readonly nearest: ShownCaption;
  /** Targets from the keywords in the caption with the largest weight; undefined without a keyword list. */
  readonly keywords?: readonly {readonly keyword: string; readonly weight: number}[];
}

export interface PseudoReport {
  readonly version: 1;
  readonly model: string;
  readonly transport: Transport;
  readonly assign: 'image' | 'text';
  /** exp(logit_scale). */
  readonly scale: number;
  /** Sinkhorn iterations done; 0 without transport. */
  readonly iterations: number;
  /** The plan: images by captions. */
  readonly rows: number;
  readonly columns: number;
  readonly seed: number;
  readonly images: readonly PseudoLabel[];
}

export type PseudoShowEvent = EmbeddingProgress | OpenModelEvent;

/**
 * Explains the pseudo-labels that S-CLIP gives to images: the rows of an exact float64 plan between a batch of uncaptioned
 * images, the asked ones first, and a batch of captioned ones. Yields progress and notices.
 * @throws UserError for anything about the options, the data, the model or the engine
 */
export async function* showPseudoLabels(
  options: PseudoShowOptions,
): AsyncGenerator<PseudoShowEvent, PseudoReport> {
  const notices: string[] = [];
  const domain = options.domain === undefined ? undefined : await loadDomain(options.domain);
  const {list: keywords} = await keywordsOf(options.keywords, domain, (message) => notices.push(message));
  const batch = await openPseudoBatch(options);
  for (const message of [...notices, ...advice(options, batch, keywords)]) yield {type: 'notice', message};
  const {model, tokenizer} = yield* openModel(options.model);
  yield* openEngine(options.engine ?? 'auto');
  const features = yield* embedBatch({model, tokenizer}, batch, keywords);
  const scale = Math.exp(model.weights['logit_scale']!.data[0]!);
  return report(options, {batch, keywords, features, scale});
}

function advice(
  {transport}: PseudoShowOptions,
  {images, captioned}: PseudoBatch,
  keywords: readonly string[],
): string[] {
  const [rows, columns] = [images.length, captioned.length];
  return [
    ...(transport === 'ot' && rows < columns
      ? [
          `plan: ${rows} ${rows === 1 ? 'image shares' : 'images share'} ${columns} captions, and transport makes them take ` +
            'all: --unpaired PATH fills the batch up as in training, --batch N makes it smaller',
        ]
      : []),
    ...(keywords.length === 0
      ? ['keywords: none given, so no keyword targets (--keywords FILE or --domain NAME)']
      : []),
  ];
}

interface Features {
  /** [u, d] uncaptioned images. */
  readonly images: Rows;
  /** [b, d] captioned images. */
  readonly captioned: Rows;
  /** [b, d] their drawn captions. */
  readonly captions: Rows;
  /** [k, d]. */
  readonly keywords: Rows;
}

async function* embedBatch(
  {model, tokenizer}: Pick<OpenedModel, 'model' | 'tokenizer'>,
  {images, captioned}: PseudoBatch,
  keywords: readonly string[],
): AsyncGenerator<PseudoShowEvent, Features> {
  const embedder = createEmbedder(model);
  const embedRefs = (refs: PseudoBatch['images']) =>
    embedImages(embedder, pixelSource(refs, model.config.preprocess));
  const embedAll = (texts: readonly string[]) => embedTexts(embedder, trimTokens(tokenizer.encode(texts)));
  try {
    return {
      images: yield* told('uncaptioned images', embedRefs(images)),
      captioned: yield* told('captioned images', embedRefs(captioned.map(({image}) => image))),
      captions: yield* told('captions', embedAll(captioned.map(({caption}) => caption))),
      keywords: yield* told('keywords', embedAll(keywords)),
    };
  } finally {
    embedder.dispose();
  }
}

/** All that a report is made of. */
interface Explained {
  readonly batch: PseudoBatch;
  readonly keywords: readonly string[];
  readonly features: Features;
  readonly scale: number;
}

function report(options: PseudoShowOptions, explained: Explained): PseudoReport {
  const {transport, assign, model, seed, iterations, regularisation} = options;
  const {batch, features, scale} = explained;
  const [rows, columns] = [batch.images.length, batch.captioned.length];
  const byImage = products(features.images, features.captioned);
  const compared = assign === 'image' ? byImage : products(features.images, features.captions);
  const plan = exactPlan(
    {values: compared, rows, columns},
    {transport, scale, ...(iterations && {iterations}), ...(regularisation && {regularisation})},
  );
  const images = batch.images
    .slice(0, batch.asked)
    .map((_, i) => explainRow(i, options, explained, {plan, byImage, compared}));
  return {
    version: 1,
    model,
    transport,
    assign,
    scale,
    iterations: plan.iterations,
    rows,
    columns,
    seed,
    images,
  };
}

/** The row of one image of the batch. */
function explainRow(
  i: number,
  {top, keywordTarget, keywordMatching}: PseudoShowOptions,
  {batch, keywords, features, scale}: Explained,
  {
    plan,
    byImage,
    compared,
  }: {readonly plan: Plan; readonly byImage: Float64Array; readonly compared: Float64Array},
): PseudoLabel {
  const columns = batch.captioned.length;
  const row = plan.rows.subarray(i * columns, (i + 1) * columns);
  const shown = (j: number, cosines: Float64Array): ShownCaption => {
    const {image, caption} = batch.captioned[j]!;
    return {image: image.place, caption, cosine: cosines[i * columns + j]!};
  };
  const order = Array.from(row.keys()).sort((a, b) => row[b]! - row[a]! || a - b);
  const captions = order
    .slice(0, top)
    .map((j) => ({weight: row[j]!, demand: plan.demand[j]!, ...shown(j, compared)}));
  const spread = entropy(row);
  const nearest = shown(firstLargest(byImage, i * columns, columns), byImage);
  const label = {
    image: batch.images[i]!.place,
    captions,
    entropy: spread,
    effectiveCaptions: Math.exp(spread),
    nearest,
  };
  if (keywords.length === 0) return label;
  const cosines = new Float64Array(keywords.length);
  innerProducts(features.images, features.keywords, {start: i, end: i + 1}, cosines);
  const match = keywordMatcher(keywords, keywordMatching);
  const candidates = match([batch.captioned[order[0]!]!.caption]);
  const targets = keywordTargetRow(cosines, candidates, {share: keywordTarget, scale});
  const named = keywords.flatMap((keyword, c) =>
    candidates[c] === 1 ? [{keyword, weight: targets[c]!}] : [],
  );
  return {...label, keywords: named.sort((a, b) => b.weight - a.weight)};
}

function products(a: Rows, b: Rows): Float64Array {
  const all = new Float64Array(a.count * b.count);
  innerProducts(a, b, {start: 0, end: a.count}, all);
  return all;
}
