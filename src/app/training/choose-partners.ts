import {readFile} from 'node:fs/promises';
import {batchesPerEpoch} from '../../data/batch-order.js';
import type {PixelThreads} from '../../data/pixels/pixel-threads.js';
import type {ImageRow} from '../../data/rows.js';
import {permutation} from '../../engine/random.js';
import {carriedCaptionShare} from '../../eval/carried-captions.js';
import type {ClipModel} from '../../model/clip-model.js';
import {createEmbedder} from '../../model/embedder.js';
import type {Plan} from '../../recipe/plan.js';
import {writeJsonAtomically} from '../../support/atomic-file.js';
import {embedImages, finished, pixelSource, type EmbedProgress} from '../embed-rows.js';
import {drawPartners, type Partners} from './draw-partners.js';
import {streams} from './streams.js';
import type {TrainingData} from './training-data.js';

export interface PartnerSource {
  readonly plan: Pick<Plan, 'unpairedOrder' | 'train' | 'counts' | 'seed'>;
  readonly data: Pick<TrainingData, 'captioned' | 'unpaired'>;
  /** The model before the run. */
  readonly model: ClipModel;
  readonly pixelThreads: Pick<PixelThreads, 'evaluate'>;
  /** Where they are kept: a resumed run reads them again. */
  readonly file: string;
  readonly onProgress: (progress: EmbedProgress) => Promise<void>;
}

/** What came of looking for partners. */
export interface ChosenPartners {
  /** Null: uncaptioned images come in any order. */
  readonly partners: Partners | null;
  /** Share of the captioned images whose most similar other one has one of their captions; null when it decided nothing. */
  readonly carried: number | null;
}

/** From this share on {@link carriedCaptionShare} speaks for partners: between the sets of LOG.md, 2026-12-02, that gained and lost by them. */
const enoughCarried = 0.3;

/** The partners of a run whose uncaptioned images are matched, or may be; made once and kept. */
export async function choosePartners(source: PartnerSource): Promise<ChosenPartners> {
  const kept = await readFile(source.file, 'utf8').catch(() => undefined);
  if (kept !== undefined) {
    const {partners, carried} = JSON.parse(kept) as ChosenPartners;
    return {partners, carried};
  }
  const chosen = await madePartners(source);
  await writeJsonAtomically(source.file, {version: 1, ...chosen});
  return chosen;
}

async function madePartners({plan, data, model, ...using}: PartnerSource): Promise<ChosenPartners> {
  const {seed, unpairedOrder} = plan;
  const captioned = await embedded(data.captioned, model, using);
  const carried =
    unpairedOrder === 'auto'
      ? carriedCaptionShare(
          captioned,
          data.captioned.map(({captions}) => captions),
        )
      : null;
  if (carried !== null && carried < enoughCarried) return {partners: null, carried};
  const pool = poolOf(plan, data.unpaired.length);
  const uncaptioned = await embedded(
    Array.from(pool, (index) => data.unpaired[index]!),
    model,
    using,
  );
  const draws = partnersEach(plan);
  const drawn = drawPartners(captioned, uncaptioned, {draws, seed, stream: streams.partner});
  return {partners: drawn.map((places) => places.map((place) => pool[place]!)), carried};
}

/** Numbers of the uncaptioned images that are looked at: as many as the run would see if it took them in any order. */
function poolOf({train, seed}: Pick<Plan, 'train' | 'seed'>, unpaired: number): Uint32Array {
  return permutation(unpaired, seed, streams.unpaired, 0).slice(0, train.steps * train.unpairedBatch);
}

/** A captioned image comes once in a pass, with one partner or, in larger uncaptioned batches, several. */
function partnersEach({train, counts}: Pick<Plan, 'train' | 'counts'>): number {
  const passes = Math.ceil(train.steps / batchesPerEpoch(counts.captioned, train.batch));
  return passes * partnersAtOnce(train);
}

/** How many partners of one captioned image a batch has at most. */
export function partnersAtOnce({batch, unpairedBatch}: Plan['train']): number {
  return Math.ceil(unpairedBatch / batch);
}

async function embedded(
  rows: readonly ImageRow[],
  model: ClipModel,
  {pixelThreads, onProgress}: Pick<PartnerSource, 'pixelThreads' | 'onProgress'>,
) {
  const embedder = createEmbedder(model);
  const images = rows.map(({image}) => image);
  const pixels = pixelSource(images, model.config.preprocess, {pixelThreads, keptBytes: 0});
  try {
    return await finished(embedImages(embedder, pixels), onProgress);
  } finally {
    embedder.dispose();
  }
}
