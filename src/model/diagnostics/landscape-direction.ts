import type {HostArray, HostArrays} from '../../engine/step.js';
import {filterNormalised} from './filter-normalised.js';
import {gaussianValues} from './gaussian-values.js';

/** First counter of the draws, so that they are not the draws of another use of the same seed. */
const directionStream = 0x1a0d;

/**
 * A random direction through all weights of a model, each filter as long as the weight's own (Li et al. 2018,
 * arXiv:1712.09913). Drawn by the names' order: models of one architecture share the draws, so that their landscapes can be
 * compared. Weights of rank 0 and 1 do not move and are left out.
 * @param direction 0 and 1 for the two directions of a landscape
 */
export function landscapeDirection(weights: HostArrays, seed: number, direction: number): HostArrays {
  const names = Object.keys(weights).sort();
  const entries = names.flatMap((name, i): [string, HostArray][] => {
    const weight = weights[name]!;
    if (weight.shape.length < 2) return [];
    const drawn = gaussianValues(weight.data.length, seed, directionStream, direction, i);
    const data = Float32Array.from(filterNormalised(drawn, weight, filterAxis(name, weight)));
    return [[name, {shape: weight.shape, data}]];
  });
  return Object.fromEntries(entries);
}

/** Which axis counts the filters: projections are [in, out] and kernels [height, width, in, out], all else [out, in]. */
function filterAxis(name: string, {shape}: HostArray): number {
  if (name === 'visual.proj' || name === 'text_projection') return 1;
  return shape.length === 4 ? 3 : 0;
}
