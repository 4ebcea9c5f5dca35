import type {HostArray, HostArrays} from '../engine/step.js';
import {uniform} from '../engine/random.js';
import type {ClipConfig} from './clip-config.js';
import type {ClipModel} from './clip-model.js';
import {initialisationOf, type Initialisation} from './initialisation.js';
import {parameterShapes, sizeOf, stateShapes} from './parameter-shapes.js';

/**
 * An untrained CLIP with CLIP's initialisation. The same configuration and seed give the same weights; no folder
 * stands behind it, so its tokenizer must come from elsewhere.
 */
export function randomModel(config: ClipConfig, seed: number): ClipModel {
  const shapes = parameterShapes(config);
  const weights = Object.entries(shapes).map(([name, shape], i): [string, HostArray] => [
    name,
    drawWeight(initialisationOf(config, name, shapes), shape, [seed, i]),
  ]);
  return {
    config,
    weights: Object.fromEntries(weights),
    state: freshStatistics(config),
    source: {layout: 'open_clip', dtype: 'F32', folder: ''},
  };
}

/** The first values of a weight: a function of the counters, the first of which is a seed. */
export function drawWeight(
  how: Initialisation,
  shape: readonly number[],
  [seed, ...counters]: readonly [number, ...number[]],
): HostArray {
  return {shape, data: draw(how, shape, (k) => uniform(seed, ...counters, k))};
}

/** Means of 0 and variances of 1. */
function freshStatistics(config: ClipConfig): HostArrays {
  const statistics = Object.entries(stateShapes(config)).map(([name, shape]): [string, HostArray] => [
    name,
    {shape, data: new Float32Array(sizeOf(shape)).fill(name.endsWith('running_var') ? 1 : 0)},
  ]);
  return Object.fromEntries(statistics);
}

/** The values of a shape; `random` gives the k-th number in [0, 1). */
function draw(how: Initialisation, shape: readonly number[], random: (k: number) => number): Float32Array {
  const values = new Float32Array(sizeOf(shape));
  if (how.kind === 'constant') return values.fill(how.value);
  if (how.kind === 'identity') {
    const [rows = 0, columns = 0] = shape;
    for (let i = 0; i < Math.min(rows, columns); i++) values[i * columns + i] = 1;
    return values;
  }
  for (let k = 0; k < values.length; k++) {
    values[k] =
      how.kind === 'normal'
        ? how.deviation * standardNormal(random(2 * k), random(2 * k + 1))
        : how.bound * (2 * random(k) - 1);
  }
  return values;
}

/** Box and Muller: two numbers in [0, 1) -> one from the standard normal distribution. */
function standardNormal(first: number, second: number): number {
  // 1 - u lies in (0, 1], where the logarithm is finite
  return Math.sqrt(-2 * Math.log(1 - first)) * Math.cos(2 * Math.PI * second);
}
