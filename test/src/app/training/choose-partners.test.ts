import {readFileSync, rmSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import {
  choosePartners,
  partnersAtOnce,
  type PartnerSource,
} from '../../../../src/app/training/choose-partners.js';
import {startEngine} from '../../../../src/engine/backend.js';
import {randomModel} from '../../../../src/model/random-model.js';
import type {Plan} from '../../../../src/recipe/plan.js';
import {imageRef} from '../../../support/image-refs.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';
import {tinyVit} from '../../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

const root = temporaryFolder();
const file = join(root, 'partners.json');
const {size} = tinyVit.preprocess;

const model = randomModel(tinyVit, 4);

/** Even places show one thing, odd ones another. */
const rows = (count: number) =>
  Array.from({length: count}, (_, i) => ({captions: ['a'], image: imageRef(Buffer.of(i % 2))}));

function source(train: Partial<Plan['train']>, counts = {captioned: 8, unpaired: 40}) {
  const embedded: number[] = [];
  const numbers = {steps: 6, batch: 4, unpairedBatch: 4, ...train} as Plan['train'];
  const made: PartnerSource = {
    plan: {unpairedOrder: 'matched', train: numbers, counts, seed: 3},
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
    file,
    onProgress: () => Promise.resolve(),
  };
  return {made, embedded};
}

describe('choosePartners', () => {
  it('gives each captioned image one partner a pass, of what it shows', async () => {
    rmSync(file, {force: true});
    const {partners, carried} = await choosePartners(source({}).made);
    expect(carried).toBeNull();
    // 6 steps of 4 of 8 are three passes
    expect(partners!.map((own) => own.length)).toEqual(new Array(8).fill(3));
    const alike = partners!.flatMap((own, i) => own.map((place) => place % 2 === i % 2));
    expect(alike.every(Boolean)).toBe(true);
  });

  it('gives several where batches of uncaptioned images are larger', async () => {
    rmSync(file, {force: true});
    const {made} = source({unpairedBatch: 10});
    expect(partnersAtOnce(made.plan.train)).toBe(3);
    expect((await choosePartners(made)).partners!.map((own) => own.length)).toEqual(new Array(8).fill(9));
  });

  it('looks at no more images than the run would see', async () => {
    rmSync(file, {force: true});
    const {made, embedded} = source({steps: 2});
    const {partners} = await choosePartners(made);
    expect(embedded.length).toBe(8 + 2 * 4);
    expect(new Set(partners!.flat()).size).toBeLessThanOrEqual(8);
  });

  it('is kept in a file, and read from there by a run that goes on', async () => {
    rmSync(file, {force: true});
    const chosen = await choosePartners(source({}).made);
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({version: 1, ...chosen});
    const {made, embedded} = source({});
    expect(await choosePartners(made)).toEqual(chosen);
    expect(embedded).toEqual([]);
  });

  it.each([
    ['share captions', (i: number) => [`kind ${i % 2}`], 1, true],
    ['share none', (i: number) => [`image ${i}`], 0, false],
  ])(
    'leaves it to the captioned images: those that look alike %s',
    async (_what, captionsOf, carried, isMatched) => {
      rmSync(file, {force: true});
      const {made, embedded} = source({});
      const captioned = made.data.captioned.map((row, i) => ({...row, captions: captionsOf(i)}));
      const chosen = await choosePartners({
        ...made,
        plan: {...made.plan, unpairedOrder: 'auto'},
        data: {...made.data, captioned},
      });
      expect(chosen.carried).toBe(carried);
      expect(chosen.partners !== null).toBe(isMatched);
      expect(embedded.length).toBe(isMatched ? 8 + 6 * 4 : 8);
      expect(await choosePartners(made)).toEqual(chosen);
    },
  );
});
