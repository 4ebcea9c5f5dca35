import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {loadMethod} from '../../../src/methods/contract/load-method.js';
import {partOf, type Part} from '../../../src/methods/contract/parts.js';
import type {ClipModel} from '../../../src/model/clip-model.js';
import {
  accuracy,
  textRows,
  trained,
  trainedHead,
  untrained,
  type Training,
} from '../../support/planted-clip.js';
import {pairsOf, type World} from '../../support/planted-world.js';

const seeds = [1, 2, 3] as const;

beforeAll(async () => {
  await startEngine('tensorflow');
});

const part = async (name: string, params: Record<string, unknown> = {}): Promise<Part> =>
  partOf(await loadMethod(name), params);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/** What each seed gains over clip alone. */
const gains = (own: readonly number[], clip: readonly number[]) => own.map((value, i) => value - clip[i]!);

/** Twelve classes; images are as far from the code of their class as the codes are long. */
const worldOf = (seed: number): World => ({classes: 12, seed: 1000 * seed, spread: 1});

const perSeed = async (measure: (seed: number) => Promise<number>): Promise<number[]> => {
  const values: number[] = [];
  for (const seed of seeds) values.push(await measure(seed));
  return values;
};

describe('from scratch, with 4 of 10 captions those of another class', () => {
  const learned = (parts: readonly Part[]) =>
    perSeed(async (seed) => {
      const world = worldOf(seed);
      const training = {world, pairs: pairsOf(world, 8, {wrong: 0.4}), steps: 200, rate: 3e-3};
      return accuracy(await trained(parts, untrained(seed), training), world);
    });
  let clip: readonly number[];
  beforeAll(async () => {
    clip = await learned([await part('clip')]);
  });

  // measured: clip finds 0.58, 0.38 and 0.62 of unseen images; the gains are 0.11, 0.01, 0.10 with label-smooth, 0.06, 0.07,
  // 0.07 with siglip and 0.14, 0.05, 0.03 with clip-psd
  it.each([
    ['label-smooth', {alpha: 0.3}],
    ['siglip', {}],
    ['clip-psd', {momentum: 0.98, shareEnd: 0.6, select: 'low-confidence'}],
  ])('%s finds more unseen images than clip, by 0.04 in the mean of three seeds', async (name, params) => {
    const gained = gains(await learned([await part(name, params)]), clip);
    expect(mean(gained)).toBeGreaterThan(0.04);
    expect(Math.min(...gained)).toBeGreaterThan(-0.02);
  });

  // measured: 0.39, 0.34 and 0.28
  it('flyp, which reads the classes instead, finds more by 0.2 with every seed', async () => {
    expect(Math.min(...gains(await learned([await part('flyp')]), clip))).toBeGreaterThan(0.2);
  });
});

/** Models that know a world, one a seed. */
async function learnedWorlds(
  steps: number,
  {perClass = 20, of = worldOf} = {},
): Promise<ReadonlyMap<number, ClipModel>> {
  const models = new Map<number, ClipModel>();
  for (const seed of seeds) {
    const world = of(seed);
    const training = {world, pairs: pairsOf(world, perClass), steps, rate: 3e-3};
    models.set(seed, await trained([await part('clip')], untrained(seed), training));
  }
  return models;
}

describe('from a model that knows the classes, with half of the captions wrong', () => {
  let models: ReadonlyMap<number, ClipModel>;
  const kept = (parts: readonly Part[]) =>
    perSeed(async (seed) => {
      const world = worldOf(seed);
      const training = {world, pairs: pairsOf(world, 4, {wrong: 0.5, draw: 5}), steps: 60, rate: 3e-3};
      return accuracy(await trained(parts, models.get(seed)!, training), world);
    });
  let clip: readonly number[];
  beforeAll(async () => {
    models = await learnedWorlds(120);
    clip = await kept([await part('clip')]);
  });

  // measured: 0.95, 0.84 and 0.78 before; with clip 0.46, 0.28 and 0.35; the gains are 0.28, 0.33, 0.31 with distill and
  // 0.01, 0.02, 0.18 with cyclip
  it.each([
    ['distill', 0.2],
    ['cyclip', 0.03],
  ])('%s keeps more than clip, by %d in the mean of three seeds', async (name, margin) => {
    const gained = gains(await kept([await part(name)]), clip);
    expect(mean(gained)).toBeGreaterThan(margin);
    expect(Math.min(...gained)).toBeGreaterThan(-0.02);
  });
});

describe('from a model of twelve classes, tuned to six others', () => {
  let models: ReadonlyMap<number, ClipModel>;
  /** Of the twelve classes it was not tuned to, what it still finds. */
  const kept = (parts: readonly Part[], rate: number) =>
    perSeed(async (seed) => {
      const others: World = {classes: 6, seed: 1000 * seed + 500, spread: 1};
      const training = {world: others, pairs: pairsOf(others, 4), steps: 60, rate};
      const model = await trained(parts, models.get(seed)!, training);
      expect(accuracy(model, others)).toBeGreaterThan(accuracy(models.get(seed)!, others) + 0.2);
      return accuracy(model, worldOf(seed));
    });
  beforeAll(async () => {
    models = await learnedWorlds(200);
  });

  // measured: 0.95, 0.86 and 0.89 before; with clip at 3e-3 0.41, 0.35 and 0.40 and at 1e-3 0.82, 0.55 and 0.43. The gains are
  // 0.39, 0.36, 0.30 with wise-ft, 0.11, 0.26, 0.18 with lora and 0.00, 0.08, 0.16 with lit
  it.each([
    ['wise-ft', ['clip', 'wise-ft'], {}, {rate: 3e-3, clipRate: 3e-3, margin: 0.25}],
    ['lora', ['clip', 'lora'], {}, {rate: 1e-2, clipRate: 3e-3, margin: 0.1}],
    ['lit', ['lit'], {locked: 'text'}, {rate: 1e-3, clipRate: 1e-3, margin: 0.04}],
  ] as const)(
    '%s still finds more of the twelve than clip',
    async (_, names, params, {rate, clipRate, margin}) => {
      const clip = await kept([await part('clip')], clipRate);
      const parts = await Promise.all(
        names.map((name, i) => part(name, i === names.length - 1 ? params : {})),
      );
      const gained = gains(await kept(parts, rate), clip);
      expect(mean(gained)).toBeGreaterThan(margin);
      expect(Math.min(...gained)).toBeGreaterThan(-0.03);
    },
  );
});

describe('from a model that knows the images, with other words, one caption a class and twenty images without', () => {
  let models: ReadonlyMap<number, ClipModel>;
  let clip: readonly number[];
  const learned = (parts: readonly Part[]) =>
    perSeed(async (seed) => {
      const world: World = {...worldOf(seed), words: 1000 * seed + 7};
      const uncaptioned = pairsOf(world, 20, {draw: 7});
      const training = {world, pairs: pairsOf(world, 1, {draw: 5}), uncaptioned, steps: 40, rate: 1e-3};
      return accuracy(await trained(parts, models.get(seed)!, training), world);
    });
  beforeAll(async () => {
    models = await learnedWorlds(400, {perClass: 60});
    clip = await learned([await part('clip')]);
  });

  // measured: with clip 0.60, 0.74 and 0.70; the gains are 0.11, 0.13, 0.05 with hard-pl, 0.13, 0.13, 0.07 with soft-pl and
  // 0.18, 0.20, 0.14 with s-clip. A batch has one uncaptioned image of every class, as transport assumes: with random
  // ones s-clip gains little or nothing (LOG.md)
  it.each([
    ['hard-pl', 0.05],
    ['soft-pl', 0.06],
    ['s-clip', 0.1],
  ])('%s finds more unseen images than clip, by %d in the mean of three seeds', async (name, margin) => {
    const gained = gains(await learned([await part(name)]), clip);
    expect(mean(gained)).toBeGreaterThan(margin);
    expect(Math.min(...gained)).toBeGreaterThan(0);
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

  // measured: with clip 0.46, 0.43 and 0.55; the gains are 0.30, 0.25 and 0.22, and without the uncaptioned images
  // 0.05, 0.10 and -0.06. Crops of 0.4 to 1 of the area keep the four colours of a class and move the noise
  it('slip finds more unseen images than clip from the same crops, by 0.12 in the mean of three seeds', async () => {
    const clip = await learned([await part('clip')]);
    const gained = gains(await learned([await part('slip', {selfWeight: 1})]), clip);
    expect(mean(gained)).toBeGreaterThan(0.12);
    expect(Math.min(...gained)).toBeGreaterThan(0.04);
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
    models = await learnedWorlds(100, {of: contextOf});
    const method = await part('coop', {contextLength: 1});
    coop = await perSeed(async (seed) => {
      const model = models.get(seed)!;
      return accuracy(model, contextOf(seed), await trainedHead(method, model, trainingOf(seed, 2e-2)));
    });
  });

  // measured: the head 0.90, 0.94 and 0.90; clip by names 0.50, 0.23 and 0.33, by captions 0.58, 0.54 and 0.64
  it('the head of coop finds more unseen images than clip by names or by captions, by 0.1 with every seed', async () => {
    const clip = await part('clip');
    const tuned = await perSeed(async (seed) => {
      const model = await trained([clip], models.get(seed)!, trainingOf(seed, 1e-3));
      return Math.max(readBy('names', model, seed), readBy('captions', model, seed));
    });
    expect(Math.min(...gains(coop, tuned))).toBeGreaterThan(0.1);
  });

  // measured: 0.85, 0.24 and 0.51 before
  it('it finds more than the model before by names, by 0.2 in the mean of three seeds', async () => {
    const before = await perSeed((seed) => Promise.resolve(readBy('names', models.get(seed)!, seed)));
    expect(mean(gains(coop, before))).toBeGreaterThan(0.2);
    expect(Math.min(...gains(coop, before))).toBeGreaterThan(-0.02);
  });
});
