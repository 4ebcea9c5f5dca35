import {openCaptioned} from '../../data/open-data.js';
import type {CaptionedRow} from '../../data/rows.js';
import type {EngineChoice} from '../../engine/backend.js';
import {permutation} from '../../engine/random.js';
import {drawCaptions} from '../../eval/draw-captions.js';
import {landscapeDirection} from '../../model/diagnostics/landscape-direction.js';
import {pairLoss} from '../../model/diagnostics/pair-loss.js';
import {createShiftedEmbedder} from '../../model/diagnostics/shifted-embedder.js';
import {trimTokens} from '../../model/trim-tokens.js';
import {landscapeChart} from '../../report/landscape-chart.js';
import {exitCodes, UserError} from '../../support/errors.js';
import {dataReference} from '../data-reference.js';
import {openEngine, openModel, type OpenedModel} from '../open-model.js';
import type {InspectedBy, InspectEvent} from './attention-pass.js';
import {ownImages, towerPixels} from './inspected-images.js';
import {pictureFile} from './picture-file.js';

export interface InspectLandscapeOptions {
  /** Folders, `hf:owner/name`, or names such as `ViT-B-32/openai`. */
  readonly models: readonly string[];
  /** Captioned images; undefined: drawings of our own. */
  readonly data?: string | undefined;
  /** Pairs of the batch whose loss is computed. */
  readonly pairs: number;
  /** Places along each direction; odd, so that the model itself is one of them. */
  readonly points: number;
  /** How far each direction goes, in lengths of the weights. */
  readonly range: number;
  /** Of the directions, the pairs and their captions. */
  readonly seed: number;
  readonly engine?: EngineChoice | undefined;
  /** Where a picture is written, `.png` or `.svg`. */
  readonly out?: string | undefined;
}

/** The loss around a model. */
export interface LandscapeOfModel {
  readonly model: string;
  /** At the model itself. */
  readonly centre: number;
  readonly lowest: number;
  readonly highest: number;
  /** Mean over all places of how much higher the loss is than at the model. */
  readonly meanRise: number;
  /** [points][points], first the places along the first direction. */
  readonly losses: readonly (readonly number[])[];
}

export interface InspectedLandscape extends Omit<InspectedBy<'landscape', LandscapeOfModel>, 'images'> {
  readonly pairs: {readonly origin: string; readonly count: number};
  readonly seed: number;
  /** [points], from -range to range. */
  readonly steps: readonly number[];
}

interface Pair {
  readonly image: CaptionedRow['image'];
  readonly caption: string;
}

/**
 * The loss of CLIP on one batch of pairs around each model, along two random directions that are filter-normalised (Li et
 * al. 2018, arXiv:1712.09913). Models of one architecture share the draws of the directions. Yields progress.
 * @throws UserError for anything about the models, the data or the engine
 */
export async function* inspectLandscape(
  options: InspectLandscapeOptions,
): AsyncGenerator<InspectEvent, InspectedLandscape> {
  const {models, points, range, seed, out} = options;
  if (points % 2 === 0) throw new UserError(`--points: expected an odd number, got ${points}`);
  const picture = out === undefined ? undefined : await pictureFile(out);
  const pairs = yield* openPairs(options);
  const opened: OpenedModel[] = [];
  for (const reference of models) opened.push(yield* openModel(reference));
  yield* openEngine(options.engine ?? 'auto');
  const steps = Array.from({length: points}, (_, i) => range * ((2 * i) / (points - 1) - 1));
  const measured: LandscapeOfModel[] = [];
  for (const [i, model] of opened.entries()) {
    const losses = yield* lossesAround(models[i]!, model, {pairs, steps, seed});
    measured.push(landscapeOf(models[i]!, losses));
  }
  const title = `Loss of ${pairs.length} pairs around the model`;
  await picture?.write(await landscapeChart(chartPoints(measured, steps), title));
  return {
    ...{version: 1, diagnostic: 'landscape'},
    pairs: {origin: options.data ?? ownImages, count: pairs.length},
    ...{seed, steps, models: measured, picture: out ?? null},
  };
}

/** Pairs drawn by the seed, no caption twice: equal captions would be wrong answers to each other. */
async function* openPairs({
  data,
  pairs: wanted,
  seed,
}: InspectLandscapeOptions): AsyncGenerator<InspectEvent, Pair[]> {
  const {path, split} = dataReference(data ?? ownImages);
  const {rows} = await openCaptioned(path, {split});
  const captions = drawCaptions(
    rows.map((row) => row.captions),
    seed,
  );
  const chosen = new Map<string, Pair>();
  for (const i of permutation(rows.length, seed)) {
    const caption = captions[i]!;
    const key = caption.trim().toLowerCase();
    if (chosen.size < wanted && !chosen.has(key)) chosen.set(key, {image: rows[i]!.image, caption});
  }
  const pairs = [...chosen.values()];
  if (pairs.length < 2) {
    throw new UserError(`${path}: expected at least 2 different captions, got ${pairs.length}`, {
      exit: exitCodes.data,
    });
  }
  if (data === undefined) {
    const message = `data: none given, so ${pairs.length} drawings of the toy domain; --data PATH takes your own, which is what counts`;
    yield {type: 'notice', message};
  }
  return pairs;
}

async function* lossesAround(
  reference: string,
  {model, tokenizer}: OpenedModel,
  {
    pairs,
    steps,
    seed,
  }: {readonly pairs: readonly Pair[]; readonly steps: readonly number[]; readonly seed: number},
): AsyncGenerator<InspectEvent, number[][]> {
  const {config, weights} = model;
  const images = await towerPixels(
    pairs.map(({image}) => image),
    config.preprocess,
  );
  const texts = trimTokens(tokenizer.encode(pairs.map(({caption}) => caption)));
  const directions = [landscapeDirection(weights, seed, 0), landscapeDirection(weights, seed, 1)] as const;
  const scale = Math.exp(weights['logit_scale']!.data[0]!);
  const embedder = createShiftedEmbedder(model, directions, {images, texts});
  const total = steps.length ** 2;
  try {
    const losses: number[][] = [];
    for (const [i, a] of steps.entries()) {
      const row: number[] = [];
      for (const b of steps) {
        const features = embedder.embed(a, b);
        row.push(pairLoss(features.images, features.texts, {dim: config.embedDim, scale}));
      }
      losses.push(row);
      yield {type: 'progress', what: `landscape of ${reference}`, done: (i + 1) * steps.length, total};
    }
    return losses;
  } finally {
    embedder.dispose();
  }
}

function landscapeOf(model: string, losses: readonly (readonly number[])[]): LandscapeOfModel {
  const middle = (losses.length - 1) / 2;
  const centre = losses[middle]![middle]!;
  const all = losses.flat();
  return {
    ...{model, centre, lowest: Math.min(...all), highest: Math.max(...all)},
    meanRise: all.reduce((sum, loss) => sum + loss, 0) / all.length - centre,
    losses,
  };
}

function chartPoints(models: readonly LandscapeOfModel[], steps: readonly number[]) {
  return models.flatMap(({model, losses}) =>
    losses.flatMap((row, i) => row.map((loss, j) => ({model, a: steps[i]!, b: steps[j]!, loss}))),
  );
}
