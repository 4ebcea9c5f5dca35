import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {loadMethod} from '../../../src/methods/contract/load-method.js';
import {partOf, type Part} from '../../../src/methods/contract/parts.js';
import type {ClipModel} from '../../../src/model/clip-model.js';
import {
  accuracy,
  inModalGap,
  textRows,
  trained,
  trainedHead,
  untrained,
  type Training,
} from '../../support/planted-clip.js';
import {pairsOf, type World} from '../../support/planted-world.js';

const seeds = [1, 2, 3] as const;

// What TensorFlow rounds depends on the processor, and in a hundred steps a last digit grows to 0.1 of these numbers:
// WebAssembly rounds alike everywhere. "More seeds" are 4, 5 and 11 to 15.
beforeAll(async () => {
  await startEngine('wasm');
});

const part = async (name: string, params: Record<string, unknown> = {}): Promise<Part> =>
  partOf(await loadMethod(name), params);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What each seed gains over clip alone. */
const gains = (own: readonly number[], clip: readonly number[]) => own.map((value, i) => value - clip[i]!);

/** Twelve classes; images are as far from the code of their class as the codes are long. */
const worldOf = (seed: number): World => ({classes: 12, seed: 1000 * seed, spread: 1});

/** The same images, called otherwise. */
const renamed = (world: World): World => ({...world, words: world.seed + 7});

const perSeed = async <T>(measure: (seed: number) => Promise<T>): Promise<T[]> => {
  const values: T[] = [];
  for (const seed of seeds) values.push(await measure(seed));
  return values;
};

/** Expects the mean of the gains above a margin, and each above a looser bound. */
const expectGains = (gained: readonly number[], margin: number, worst: number) => {
  expect(mean(gained)).toBeGreaterThan(margin);
  expect(Math.min(...gained)).toBeGreaterThan(worst);
};

describe('from scratch, with 4 of 10 captions those of another class', () => {
  const learned = (parts: readonly Part[]) =>
    perSeed(async (seed) => {
      const world = worldOf(seed);
      const training = {world, pairs: pairsOf(world, 4, {wrong: 0.4}), steps: 100, rate: 3e-3};
      return accuracy(await trained(parts, untrained(seed), training), world);
    });
  let clip: readonly number[];
  beforeAll(async () => {
    clip = await learned([await part('clip')]);
  });

  // measured: 0.16, 0.08 and 0.05; more seeds 0.13, 0.18, 0.09, 0.16, 0.03, 0.09 and 0.13
  it('label-smooth finds more unseen images than clip', async () => {
    expectGains(gains(await learned([await part('label-smooth', {alpha: 0.3})]), clip), 0.04, -0.05);
  });

  // measured: 0.28, 0.20 and 0.29; more seeds 0.33 to 0.54
  it('flyp, which reads the classes instead, finds more by 0.15 in the mean', async () => {
    expectGains(gains(await learned([await part('flyp')]), clip), 0.15, 0.05);
  });
});

/** Models that know a world, one a seed. */
async function learnedWorlds(
  steps: number,
  of: (seed: number) => World = worldOf,
): Promise<ReadonlyMap<number, ClipModel>> {
  const clip = await part('clip');
  const models = await perSeed(async (seed) => {
    const world = of(seed);
    const training = {world, pairs: pairsOf(world, 60), steps, rate: 3e-3};
    return [seed, await trained([clip], untrained(seed), training)] as const;
  });
  return new Map(models);
}

describe('from a model of twelve classes', () => {
  let models: ReadonlyMap<number, ClipModel>;
  beforeAll(async () => {
    models = await learnedWorlds(150);
  });

  describe('with half of the captions wrong', () => {
    const tuned = (parts: readonly Part[]) =>
      perSeed((seed) => {
        const world = worldOf(seed);
        const pairs = pairsOf(world, 4, {wrong: 0.5, draw: 5});
        return trained(parts, models.get(seed)!, {world, pairs, steps: 50, rate: 3e-3});
      });
    const found = (all: readonly ClipModel[]) => all.map((model, i) => accuracy(model, worldOf(seeds[i]!)));
    let clip: readonly ClipModel[];
    beforeAll(async () => {
      clip = await tuned([await part('clip')]);
    });

    // measured: distill 0.25, 0.39 and 0.30, more seeds 0.23 to 0.48; clip-psd 0.41, 0.43 and 0.35, more seeds 0.26 to 0.50;
    // siglip 0.07, 0.09 and 0.07, more seeds 0.03, 0.03, 0.08, 0.18, 0.00, -0.01 and 0.08
    it.each([
      ['distill', {}, 0.15],
      ['clip-psd', {shareEnd: 0.6, select: 'low-confidence'}, 0.2],
      ['siglip', {}, 0.02],
    ])('%s keeps more than clip', async (name, params, margin) => {
      const gained = gains(found(await tuned([await part(name, params)])), found(clip));
      expectGains(gained, margin, margin - 0.1);
    });

    // measured: 0.39, 0.33 and 0.39 as far apart, more seeds 0.22 to 0.55, in part because all cosines crowd together. It finds
    // 0.08, 0.07 and 0.06 more, more seeds -0.07, 0.03, 0.04, 0.12, 0.05, 0.02 and 0.03: too little for a margin, and
    // nothing on other planted data (LOG.md)
    it('cyclip keeps distances of images nearer to those of their captions, at no loss', async () => {
      const own = await tuned([await part('cyclip', {inModalWeight: 1, crossModalWeight: 1})]);
      const shares = own.map((model, i) => {
        const world = worldOf(seeds[i]!);
        return inModalGap(model, world) / inModalGap(clip[i]!, world);
      });
      expect(mean(shares)).toBeLessThan(0.6);
      expect(Math.max(...shares)).toBeLessThan(0.8);
      expect(mean(gains(found(own), found(clip)))).toBeGreaterThan(-0.03);
    });
  });

  describe('tuned to six others', () => {
    /** What it still finds of the twelve, and what it finds of the six. */
    const tuned = (parts: readonly Part[], rate: number) =>
      perSeed(async (seed) => {
        const six: World = {classes: 6, seed: 1000 * seed + 500, spread: 1};
        const training = {world: six, pairs: pairsOf(six, 4), steps: 50, rate};
        const model = await trained(parts, models.get(seed)!, training);
        const learned = accuracy(model, six) - accuracy(models.get(seed)!, six);
        return {kept: accuracy(model, worldOf(seed)), learned};
      });
    let clip: Awaited<ReturnType<typeof tuned>>;
    beforeAll(async () => {
      clip = await tuned([await part('clip')], 3e-3);
    });

    // measured: wise-ft keeps 0.49, 0.28 and 0.29 more, more seeds 0.28 to 0.48; lora 0.37, 0.09 and 0.10, more seeds 0.08 to
    // 0.35. Of the six clip learns 0.68, 0.63 and 0.50, wise-ft 0.60, 0.58 and 0.34, lora 0.29, 0.52 and 0.31. lora
    // learns less and forgets less, and so does clip at a lower rate (LOG.md)
    it.each([
      ['wise-ft', {}, 3e-3, 0.2],
      ['lora', {rank: 8}, 1e-2, 0.08],
    ])('%s learns them and still finds more of the twelve than clip', async (name, params, rate, margin) => {
      const own = await tuned([await part('clip'), await part(name, params)], rate);
      expect(mean(own.map(({learned}) => learned))).toBeGreaterThan(0.2);
      const kept = (all: typeof own) => all.map((each) => each.kept);
      expectGains(gains(kept(own), kept(clip)), margin, margin - 0.1);
    });
  });

  // measured: 0.08, 0.18 and 0.09; more seeds 0.09, 0.07, 0.03, 0.02, 0.15, 0.08 and 0.17. The locked images cannot learn wrong
  // captions by heart
  it('with other words, 4 of 10 captions wrong, lit finds more unseen images than clip', async () => {
    const learned = (parts: readonly Part[]) =>
      perSeed(async (seed) => {
        const world = renamed(worldOf(seed));
        const pairs = pairsOf(world, 8, {wrong: 0.4, draw: 5});
        return accuracy(
          await trained(parts, models.get(seed)!, {world, pairs, steps: 80, rate: 3e-3}),
          world,
        );
      });
    const clip = await learned([await part('clip')]);
    expectGains(gains(await learned([await part('lit')]), clip), 0.04, -0.05);
  });
});

describe('from a model that knows the images, with other words, one caption a class and twenty images without', () => {
  const nearOf = (seed: number): World => ({...worldOf(seed), spread: 0.7});
  let models: ReadonlyMap<number, ClipModel>;
  let clip: readonly number[];
  const learned = (parts: readonly Part[]) =>
    perSeed(async (seed) => {
      const world = renamed(nearOf(seed));
      const uncaptioned = pairsOf(world, 20, {draw: 7});
      const training = {world, pairs: pairsOf(world, 1, {draw: 5}), uncaptioned, steps: 40, rate: 1e-3};
      return accuracy(await trained(parts, models.get(seed)!, training), world);
    });
  beforeAll(async () => {
    models = await learnedWorlds(150, nearOf);
    clip = await learned([await part('clip')]);
  });

  // measured: hard-pl 0.13, 0.13 and 0.07, more seeds 0.15, 0.14, 0.18, -0.07, 0.03, 0.04 and 0.04; soft-pl 0.07, 0.15 and 0.03, more
  // seeds 0.12, 0.08, 0.19, 0.04, -0.03, -0.03 and 0.06; s-clip 0.13, 0.16 and 0.05, more seeds 0.10 to 0.19. Images are near
  // enough for the nearest to be mostly of the same class. A batch has one uncaptioned image of every class, so that
  // these are no negatives, and as transport assumes: with random ones s-clip gains little or nothing (LOG.md)
  it.each([
    ['hard-pl', 0.04],
    ['soft-pl', 0.03],
    ['s-clip', 0.06],
  ])('%s finds more unseen images than clip, by %d in the mean', async (name, margin) => {
    const own = await learned([await part(name, {unpairedNegatives: 'off'})]);
    expectGains(gains(own, clip), margin, -0.05);
  });
});

describe('from scratch, one captioned image a class and twenty without, of coarse colours under fine noise', () => {
  const learned = (parts: readonly Part[]) =>
    perSeed(async (seed) => {
      const world: World = {...worldOf(seed), square: 4, spread: 1.5};
      const training: Training = {
        ...{world, pairs: pairsOf(world, 1, {draw: 5}), area: [0.4, 1], steps: 150, rate: 3e-3},
        ...{uncaptioned: pairsOf(world, 20, {draw: 7}), unpairedBatch: 36},
      };
      return accuracy(await trained(parts, untrained(seed), training), world);
    });

  let clip: readonly number[];
  beforeAll(async () => {
    clip = await learned([await part('clip')]);
  });

  // measured: 0.30, 0.23 and 0.25; seeds 11 to 13 0.19, 0.07 and 0.08. Crops of 0.4 to 1 of the area keep the four colours of a
  // class and move the noise
  it('slip finds more unseen images than clip from the same crops, by 0.1 in the mean', async () => {
    expectGains(gains(await learned([await part('slip', {selfWeight: 1})]), clip), 0.1, 0);
  });
});

describe('from a model that knows names behind a word of context, two images a class, half of the captions wrong', () => {
  const contextOf = (seed: number): World => ({...worldOf(seed), context: true});
  const trainingOf = (seed: number, rate: number): Training => {
    const world = contextOf(seed);
    return {world, pairs: pairsOf(world, 2, {wrong: 0.5, draw: 5}), steps: 40, rate};
  };
  const readBy = (texts: 'names' | 'captions', model: ClipModel, seed: number) =>
    accuracy(model, contextOf(seed), textRows(model, contextOf(seed), texts));
  let models: ReadonlyMap<number, ClipModel>;
  let coop: readonly number[];
  beforeAll(async () => {
    models = await learnedWorlds(100, contextOf);
    const method = await part('coop', {contextLength: 1});
    coop = await perSeed(async (seed) => {
      const model = models.get(seed)!;
      return accuracy(model, contextOf(seed), await trainedHead(method, model, trainingOf(seed, 2e-2)));
    });
  });

  // measured: 0.30, 0.45 and 0.41; more seeds 0.20 to 0.66
  it('the head of coop finds more unseen images than clip by names or by captions, by 0.2 in the mean', async () => {
    const clip = await part('clip');
    const tuned = await perSeed(async (seed) => {
      const model = await trained([clip], models.get(seed)!, trainingOf(seed, 1e-3));
      return Math.max(readBy('names', model, seed), readBy('captions', model, seed));
    });
    expectGains(gains(coop, tuned), 0.2, 0.05);
  });

  // measured: 0.10, 0.46 and 0.22; more seeds 0.01, 0.20, 0.39, 0.30, 0.06, 0.41 and 0.41
  it('it finds more than the model before by names, by 0.1 in the mean', async () => {
    const before = await perSeed((seed) => Promise.resolve(readBy('names', models.get(seed)!, seed)));
    expectGains(gains(coop, before), 0.1, -0.1);
  });
});
