import type {HostArray} from '../../src/engine/step.js';
import {uniform} from '../../src/engine/random.js';
import type {ClassProblem, Solution} from '../../src/methods/contract/class-problem.js';
import type {Method} from '../../src/methods/contract/method.js';
import {partOf} from '../../src/methods/contract/parts.js';
import {randomModel} from '../../src/model/random-model.js';
import {BugError} from '../../src/support/errors.js';
import {tinyVit} from './tiny-clip.js';

/** Images of classes around the mean of each, with prompts that are near the means of some. */
export interface PlantedClasses {
  readonly classes: number;
  readonly shots: number;
  readonly dim: number;
  /** Length of what is added to a mean of unit length, for images and for prompts. */
  readonly imageNoise: number;
  readonly promptNoise: number;
  /** Length of what all prompts have in common and no image has: it makes their cosines with an image alike. */
  readonly gap: number;
  readonly seed: number;
}

export interface Planted {
  /** [n, d], rows of unit length. */
  readonly images: HostArray;
  readonly labels: readonly number[];
  /** As many again that nobody was shown. */
  readonly unseen: HostArray;
  /** [c, d]. */
  readonly prompts: HostArray;
}

export function plantedClasses(options: PlantedClasses): Planted {
  const {classes, shots, dim, imageNoise, promptNoise, gap, seed} = options;
  const mean = (c: number) => unit(direction(dim, seed, 0, c));
  const near = (c: number, noise: number, ...counters: readonly number[]) => {
    const added = unit(direction(dim, seed, ...counters));
    return unit(mean(c).map((value, k) => value + noise * added[k]!));
  };
  const common = unit(direction(dim, seed, 4));
  const prompt = (c: number) => {
    const added = unit(direction(dim, seed, 3, c));
    return unit(mean(c).map((value, k) => value + promptNoise * added[k]! + gap * common[k]!));
  };
  const labels = Array.from({length: classes * shots}, (_, i) => i % classes);
  return {
    labels,
    images: rows(labels.map((c, i) => near(c, imageNoise, 1, i))),
    unseen: rows(labels.map((c, i) => near(c, imageNoise, 2, i))),
    prompts: rows(Array.from({length: classes}, (_, c) => prompt(c))),
  };
}

/** What a method solves on planted classes. */
export async function solvePlanted(
  method: Method,
  params: Readonly<Record<string, unknown>>,
  {images, labels, prompts}: Planted,
  changes: Partial<ClassProblem<Record<string, unknown>>> = {},
): Promise<Solution> {
  return method.solve!({
    config: tinyVit,
    params: partOf(method, params).params,
    seed: 1,
    labels,
    classes: prompts.shape[0]!,
    weights: randomModel(tinyVit, 1).weights,
    extras: {},
    images: () => Promise.resolve(images),
    beforeProjection: () => Promise.resolve(images),
    prompts: () => Promise.resolve(prompts),
    ofNames() {
      throw new BugError('planted classes: expected a method that does without names');
    },
    ...changes,
  });
}

function direction(dim: number, ...counters: readonly [number, ...number[]]): number[] {
  const [seed, ...rest] = counters;
  // Box and Muller
  return Array.from({length: dim}, (_, k) => {
    const radius = Math.sqrt(-2 * Math.log(1 - uniform(seed, ...rest, k, 0)));
    return radius * Math.cos(2 * Math.PI * uniform(seed, ...rest, k, 1));
  });
}

function unit(values: readonly number[]): number[] {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

function rows(values: readonly (readonly number[])[]): HostArray {
  return {shape: [values.length, values[0]!.length], data: Float32Array.from(values.flat())};
}
