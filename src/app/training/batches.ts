import {batchOrder, epochOf} from '../../data/batch-order.js';
import {drawCaption} from '../../data/keywords.js';
import {keywordMatcher} from '../../data/keywords/matching.js';
import type {AreaShare} from '../../data/pixels/crop-box.js';
import type {PixelThreads} from '../../data/pixels/pixel-threads.js';
import type {ImageRow} from '../../data/rows.js';
import {uniform} from '../../engine/random.js';
import type {HostArray, HostArrays} from '../../engine/step.js';
import {requestedDraws, requestedPhrases, requestedViews} from '../../methods/contract/own-inputs.js';
import {partsNeeds, type Part} from '../../methods/contract/parts.js';
import type {ClipConfig} from '../../model/clip-config.js';
import type {Tokenizer} from '../../model/tokenizer.js';
import {longestText, trimTokens} from '../../model/trim-tokens.js';
import type {Plan} from '../../recipe/plan.js';
import type {OpenedSide} from '../sides/open-outside.js';
import {sideEntries} from '../sides/side-entries.js';
import {originsOf, phraseEntries, rewriter, type Visit} from './caption-entries.js';
import {classNameTokens, classPrompts, promptsOf, type PlannedClasses} from './class-texts.js';
import {partnersAtOnce} from './choose-partners.js';
import type {Partners} from './draw-partners.js';
import {streams} from './streams.js';
import type {TrainingData, TrainingRow} from './training-data.js';

export interface BatchSource {
  readonly plan: Plan;
  readonly data: TrainingData;
  readonly parts: readonly Part[];
  readonly config: ClipConfig;
  readonly tokenizer: Tokenizer;
  readonly pixelThreads: Pick<PixelThreads, 'train'>;
  /** Side files of the methods; left out: none. */
  readonly sides?: readonly OpenedSide[] | undefined;
  /** Which uncaptioned images come with which captioned ones; null or left out: any. */
  readonly partners?: Partners | null | undefined;
}

/** Entries of the batch of a step. */
type Entries = (step: number) => HostArrays | Promise<HostArrays>;

/**
 * The batch of a step (from 0), with what the methods need and nothing else: a pure function of the plan, the
 * data and the step, so that a resumed run sees what an uninterrupted one would have seen.
 */
export function batchMaker(source: BatchSource): (step: number) => Promise<HostArrays> {
  const {data, parts} = source;
  const needs = partsNeeds(parts);
  const drawPaired = visits(source, streams.captioned);
  const drawUnpaired =
    needs.unpaired && data.unpaired.length > 0 ? unpairedVisits(source, drawPaired) : undefined;
  const pixels = imageEntries(source, {paired: drawPaired, unpaired: drawUnpaired});
  const words = [textEntries(source, drawPaired), drawEntries(source, drawUnpaired !== undefined)];
  const said = saidEntries(source, {paired: drawPaired, unpaired: drawUnpaired});
  return async (step) => {
    // asked for before anything is awaited: the engine may block this thread until the next step
    const asked = Promise.all([pixels(step), said(step)]);
    const rest = words.map((entries) => entries(step));
    return Object.assign({}, ...(await asked), ...rest) as HostArrays;
  };
}

interface ImageVisits {
  readonly paired: Visits;
  readonly unpaired: Visits | undefined;
}

/** The crops of both kinds of images, and the views of them that methods ask for. */
function imageEntries(source: BatchSource, drawn: ImageVisits): Entries {
  const {plan, data, parts} = source;
  const {crop, mirror} = plan.augmentation;
  const rows = {paired: data.captioned, unpaired: data.unpaired};
  const number = {paired: streams.captioned, unpaired: streams.unpaired};
  const training = (['paired', 'unpaired'] as const).map((of) => ({
    entry: `${of}.images`,
    of,
    area: crop,
    mirror,
    counters: [streams.crop, number[of]],
  }));
  const views = requestedViews(parts).map((view, i) => ({
    ...view,
    // a view is asked for by its area alone
    mirror: false,
    counters: [streams.view, i],
  }));
  return async (step) => {
    const made = [...training, ...views].map(async ({entry, of, ...how}) => {
      const visited = drawn[of]?.(step);
      if (!visited) return [];
      return [[entry, await crops(source, {rows: rows[of], visited, ...how})] as const];
    });
    return Object.fromEntries((await Promise.all(made)).flat());
  };
}

/** What side files say about the images. */
function saidEntries({data, sides = [], tokenizer}: BatchSource, drawn: ImageVisits): Entries {
  const entries = sideEntries(sides, {paired: data.captioned, unpaired: data.unpaired}, tokenizer);
  return (step) => {
    const rows = (visits: Visits | undefined) => visits?.(step).map(({index}) => index);
    const [paired, unpaired] = [rows(drawn.paired), rows(drawn.unpaired)];
    return entries({...(paired && {paired}), ...(unpaired && {unpaired})});
  };
}

/** Captions, what they are and what is made of them, keywords and classes. */
function textEntries(source: BatchSource, drawPaired: Visits): Entries {
  const {plan, data, parts, tokenizer} = source;
  const needs = partsNeeds(parts);
  const captionLength = longestCaption(source);
  const keywords = needs.keywords && plan.keywords.list.length > 0 ? plan.keywords.list : undefined;
  const keywordTokens = keywords && trimTokens(tokenizer.encode(keywords));
  const matches = keywords && keywordMatcher(keywords, plan.keywords.matching);
  const phrases = keywords && phraseEntries(requestedPhrases(parts), keywords, tokenizer);
  const classes = needs.classes && plan.classes ? classEntries(source, plan.classes) : undefined;
  const origins = needs.origins && originsOf(data.captioned.flatMap((row) => captionsOf(plan, row)));
  const rewritten =
    needs.rewritten &&
    rewriter(tokenizer, captionLength, (draw, {epoch, index}) =>
      uniform(plan.seed, streams.rewrite, epoch, index, draw),
    );
  return (step) => {
    const visited = drawPaired(step);
    const captions = visited.map(({index, epoch}) =>
      drawCaption(captionsOf(plan, data.captioned[index]!), plan.seed, streams.caption, epoch, index),
    );
    const tokens = trimTokens(tokenizer.encode(captions), captionLength);
    return {
      'paired.ids': tokens.ids,
      'paired.end': tokens.end,
      ...(origins && origins(captions, visited)),
      ...(rewritten && rewritten(captions, visited)),
      ...(keywords &&
        keywordTokens &&
        matches && {
          'keywords.ids': keywordTokens.ids,
          'keywords.end': keywordTokens.end,
          'keywords.labels': {shape: [captions.length, keywords.length], data: matches(captions)},
          ...phrases,
        }),
      ...classes?.(visited),
    };
  };
}

/** Class names, the classes of the visited images, and a prompt for each. */
function classEntries(
  {plan, data, tokenizer}: BatchSource,
  classes: PlannedClasses,
): (visited: readonly Visit[]) => HostArrays {
  const {labels} = classes;
  const names = classNameTokens(classes, tokenizer);
  const promptLength = longestText(tokenizer.encode(classPrompts(classes)));
  return (visited) => {
    const own = visited.map(({index}) => data.captioned[index]!.label!);
    const texts = visited.map(({index, epoch}, i) =>
      drawCaption(promptsOf(classes, own[i]!), plan.seed, streams.template, epoch, index),
    );
    const prompts = trimTokens(tokenizer.encode(texts), promptLength);
    return {
      'classes.ids': names.ids,
      'classes.end': names.end,
      'classes.labels': {shape: [own.length, labels.length], data: oneHot(own, labels)},
      'classes.prompt-ids': prompts.ids,
      'classes.prompt-end': prompts.end,
    };
  };
}

/** The random numbers that methods ask for. */
function drawEntries({plan, parts, config}: BatchSource, hasUnpaired: boolean): Entries {
  const {batch, unpairedBatch} = plan.train;
  const sizes = {paired: batch, unpaired: hasUnpaired ? unpairedBatch : 0};
  const shapes = Object.entries(requestedDraws(parts, config, sizes));
  return (step) =>
    Object.fromEntries(
      shapes.map(([entry, shape], d) => {
        const length = shape.reduce((product, side) => product * side, 1);
        const data = Float32Array.from({length}, (_, i) => uniform(plan.seed, streams.draw, step, d, i));
        return [entry, {shape, data}];
      }),
    );
}

/** Tokens of the longest caption that any step can draw: all batches have rows of this length. */
function longestCaption({plan, data, tokenizer}: BatchSource): number {
  return data.captioned.reduce(
    (longest, row) => Math.max(longest, longestText(tokenizer.encode(captionsOf(plan, row)))),
    0,
  );
}

/** The captions of an image; of one without any, the prompts of its class. */
export function captionsOf(
  {classes}: Pick<Plan, 'classes'>,
  {captions, label}: TrainingRow,
): readonly string[] {
  if (captions.length > 0 || classes === null) return captions;
  return promptsOf(classes, label!);
}

/** [n * c], 1 at the class of each row. */
function oneHot(own: readonly string[], labels: readonly string[]): Float32Array {
  const rows = new Float32Array(own.length * labels.length);
  own.forEach((label, row) => (rows[row * labels.length + labels.indexOf(label)] = 1));
  return rows;
}

type Visits = (step: number) => readonly Visit[];

/** The rows of one stream, by step. */
function visits({plan, data}: BatchSource, stream: 0 | 1): Visits {
  const isPaired = stream === streams.captioned;
  const n = isPaired ? data.captioned.length : data.unpaired.length;
  const batch = isPaired ? plan.train.batch : plan.train.unpairedBatch;
  const order = batchOrder({n, batch, seed: plan.seed, stream});
  return (step) => {
    const epoch = epochOf(step, n, batch);
    return Array.from(order(step), (index) => ({index, epoch}));
  };
}

/** Uncaptioned rows by step: partners of the captioned ones where they have such. */
function unpairedVisits(source: BatchSource, drawPaired: Visits): Visits {
  const {partners, plan} = source;
  if (!partners) return visits(source, streams.unpaired);
  const {batch, unpairedBatch} = plan.train;
  const atOnce = partnersAtOnce(plan.train);
  return (step) => {
    const paired = drawPaired(step);
    return Array.from({length: unpairedBatch}, (_, i) => {
      const {index, epoch} = paired[i % batch]!;
      // an image can be the partner of several: the step tells its visits apart
      return {index: partners[index]![epoch * atOnce + Math.floor(i / batch)]!, epoch: step};
    });
  };
}

interface Crops {
  readonly rows: readonly ImageRow[];
  readonly visited: readonly Visit[];
  readonly area: AreaShare;
  /** Whether every second one is mirrored. */
  readonly mirror: boolean;
  /** What tells these crops from others of the same images. */
  readonly counters: readonly number[];
}

/** Crops of the visited images; each depends on seed, counters, epoch and row only. */
function crops(
  {plan, config, pixelThreads}: BatchSource,
  {rows, visited, area, mirror, counters}: Crops,
): Promise<HostArray> {
  const made = visited.map(({index, epoch}) => {
    const at = (axis: number) => uniform(plan.seed, ...counters, epoch, index, axis);
    const draws = [at(0), at(1), at(2), at(3)] as const;
    return {image: rows[index]!.image, area, mirrored: mirror && at(4) < 0.5, draws};
  });
  return pixelThreads.train(made, config.preprocess);
}
