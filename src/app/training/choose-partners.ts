import {batchesPerEpoch} from '../../data/batch-order.js';
import {permutation} from '../../engine/random.js';
import type {Rows} from '../../eval/inner-products.js';
import type {Plan} from '../../recipe/plan.js';
import {drawPartners, type Partners} from './draw-partners.js';
import {embedTrainingImages, type TrainingImageEmbedding} from './embed-training-images.js';
import {streams} from './streams.js';
import type {TrainingData} from './training-data.js';

export interface PartnerSource extends TrainingImageEmbedding {
  readonly plan: Pick<Plan, 'train' | 'counts' | 'seed'>;
  readonly data: Pick<TrainingData, 'unpaired'>;
}

/** The partners of captioned images, of which the features are given: numbers of uncaptioned images. */
export async function choosePartners(
  {plan, data, ...embedding}: PartnerSource,
  captioned: Rows,
): Promise<Partners> {
  const pool = poolOf(plan, data.unpaired.length);
  const uncaptioned = await embedTrainingImages(
    Array.from(pool, (index) => data.unpaired[index]!),
    embedding,
  );
  const drawn = drawPartners(captioned, uncaptioned, {
    draws: partnersEach(plan),
    seed: plan.seed,
    stream: streams.partner,
  });
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
