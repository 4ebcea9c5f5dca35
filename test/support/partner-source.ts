import type {UnpairedSource} from '../../src/app/training/decide-unpaired.js';
import {randomModel} from '../../src/model/random-model.js';
import type {Plan} from '../../src/recipe/plan.js';
import {imageRef} from './image-refs.js';
import {tinyVit} from './tiny-clip.js';

const {size} = tinyVit.preprocess;
const model = randomModel(tinyVit, 4);

/** Even places show one thing, odd ones another. */
const rows = (count: number) =>
  Array.from({length: count}, (_, i) => ({captions: ['a'], image: imageRef(Buffer.of(i % 2))}));

/** A run of 6 steps whose uncaptioned images may be matched, and the places of the images that were embedded for it. */
export function partnerSource(
  file: string,
  train: Partial<Plan['train']> = {},
): {made: UnpairedSource; embedded: number[]} {
  const embedded: number[] = [];
  const counts = {captioned: 8, unpaired: 40};
  const made: UnpairedSource = {
    plan: {
      unpairedOrder: 'matched',
      train: {steps: 6, batch: 4, unpairedBatch: 4, ...train} as Plan['train'],
      counts,
      seed: 3,
    },
    data: {captioned: rows(counts.captioned), unpaired: rows(counts.unpaired)},
    model,
    pixelThreads: {
      evaluate: async (images) =>
        Promise.all(
          images.map(async (image, n) => {
            const [kind] = await image.read();
            embedded.push(n);
            return new Uint8Array(size * size * 3).map((_, i) => (i % 3 === kind ? 250 : 5));
          }),
        ),
    },
    mayLeaveOut: true,
    file,
    onProgress: () => Promise.resolve(),
  };
  return {made, embedded};
}
