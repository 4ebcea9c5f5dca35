import {readFile} from 'node:fs/promises';
import {batchesPerEpoch} from '../../data/batch-order.js';
import type {PixelThreads} from '../../data/pixels/pixel-threads.js';
import type {ImageRow} from '../../data/rows.js';
import {permutation} from '../../engine/random.js';
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

/** The partners of a run whose uncaptioned images are matched, made once and kept; undefined: its order is another. */
export async function choosePartners(source: PartnerSource): Promise<Partners | undefined> {
  if (source.plan.unpairedOrder === 'shuffled') return undefined;
  const kept = await readFile(source.file, 'utf8').catch(() => undefined);
  if (kept !== undefined) return (JSON.parse(kept) as {readonly partners: Partners}).partners;
  const partners = await madePartners(source);
  await writeJsonAtomically(source.file, {version: 1, partners});
  return partners;
}

async function madePartners({plan, data, model, ...using}: PartnerSource): Promise<Partners> {
  const {seed} = plan;
  const pool = poolOf(plan, data.unpaired.length);
  const rows = [...data.captioned, ...Array.from(pool, (index) => data.unpaired[index]!)];
  const features = await embedded(rows, model, using);
  const part = (start: number, end: number) => ({
    values: features.values.subarray(start * features.dim, end * features.dim),
    count: end - start,
    dim: features.dim,
  });
  const n = data.captioned.length;
  const draws = partnersEach(plan);
  const drawn = drawPartners(part(0, n), part(n, rows.length), {draws, seed, stream: streams.partner});
  return drawn.map((places) => places.map((place) => pool[place]!));
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
