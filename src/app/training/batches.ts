import {batchOrder, epochOf} from '../../data/batch-order.js';
import {drawCaption} from '../../data/keywords.js';
import {keywordMatcher} from '../../data/keywords/matching.js';
import type {PixelThreads} from '../../data/pixels/pixel-threads.js';
import type {CaptionedRow, ImageRow} from '../../data/rows.js';
import {uniform} from '../../engine/random.js';
import type {HostArray, HostArrays} from '../../engine/step.js';
import type {Needs} from '../../methods/contract/needs.js';
import type {PreprocessConfig} from '../../model/clip-config.js';
import type {Tokenizer} from '../../model/tokenizer.js';
import {longestText, trimTokens} from '../../model/trim-tokens.js';
import type {Plan} from '../../recipe/plan.js';
import type {TrainingData} from './training-data.js';

/** Numbers of the independent random streams of a run. */
const streams = {captioned: 0, unpaired: 1, crop: 2, caption: 3} as const;

export interface BatchSource {
  readonly plan: Plan;
  readonly data: TrainingData;
  readonly needs: Needs;
  readonly preprocess: PreprocessConfig;
  readonly tokenizer: Tokenizer;
  readonly pixelThreads: Pick<PixelThreads, 'train'>;
}

/**
 * The batch of a step (from 0), with what the method needs and nothing else: a pure function of the plan, the
 * data and the step, so that a resumed run sees what an uninterrupted one would have seen.
 */
export function batchMaker(source: BatchSource): (step: number) => Promise<HostArrays> {
  const {plan, data, needs, tokenizer} = source;
  const keywords = needs.keywords && plan.keywords.list.length > 0 ? plan.keywords.list : undefined;
  const keywordTokens = keywords && trimTokens(tokenizer.encode(keywords));
  const matchKeywords = keywords && keywordMatcher(keywords, plan.keywords.matching);
  const captionLength = longestCaption(data.captioned, tokenizer);
  const drawPaired = visits(source, streams.captioned);
  const drawUnpaired =
    needs.unpaired && data.unpaired.length > 0 ? visits(source, streams.unpaired) : undefined;
  return async (step) => {
    const paired = drawPaired(step);
    const unpaired = drawUnpaired?.(step);
    // both are asked for before either is awaited: the engine may block this thread until the next step
    const images = Promise.all([
      pixels(source, streams.captioned, data.captioned, paired),
      unpaired && pixels(source, streams.unpaired, data.unpaired, unpaired),
    ]);
    const captions = paired.map(({index, epoch}) =>
      drawCaption(data.captioned[index]!.captions, plan.seed, streams.caption, epoch, index),
    );
    const tokens = trimTokens(tokenizer.encode(captions), captionLength);
    const [pairedImages, unpairedImages] = await images;
    return {
      'paired.images': pairedImages,
      'paired.ids': tokens.ids,
      'paired.end': tokens.end,
      ...(unpairedImages && {'unpaired.images': unpairedImages}),
      ...(keywords &&
        keywordTokens &&
        matchKeywords && {
          'keywords.ids': keywordTokens.ids,
          'keywords.end': keywordTokens.end,
          'keywords.labels': {
            shape: [captions.length, keywords.length],
            data: matchKeywords(captions),
          },
        }),
    };
  };
}

/** Tokens of the longest caption that any step can draw: all batches have rows of this length. */
function longestCaption(rows: readonly CaptionedRow[], tokenizer: Tokenizer): number {
  return rows.reduce((longest, {captions}) => Math.max(longest, longestText(tokenizer.encode(captions))), 0);
}

interface Visit {
  readonly index: number;
  readonly epoch: number;
}

/** The rows of one stream, by step. */
function visits({plan, data}: BatchSource, stream: 0 | 1): (step: number) => readonly Visit[] {
  const isPaired = stream === streams.captioned;
  const n = isPaired ? data.captioned.length : data.unpaired.length;
  const batch = isPaired ? plan.train.batch : plan.train.unpairedBatch;
  const order = batchOrder({n, batch, seed: plan.seed, stream});
  return (step) => {
    const epoch = epochOf(step, n, batch);
    return Array.from(order(step), (index) => ({index, epoch}));
  };
}

/** Crops of the visited images; each depends on seed, stream, epoch and row only. */
function pixels(
  {plan, preprocess, pixelThreads}: BatchSource,
  stream: number,
  rows: readonly ImageRow[],
  visited: readonly Visit[],
): Promise<HostArray> {
  const crops = visited.map(({index, epoch}) => {
    const at = (axis: number) => uniform(plan.seed, streams.crop, stream, epoch, index, axis);
    return {image: rows[index]!.image, draws: [at(0), at(1), at(2), at(3)] as const};
  });
  return pixelThreads.train(crops, preprocess);
}
