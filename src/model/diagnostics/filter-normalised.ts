import type {HostArray} from '../../engine/step.js';

/**
 * A random direction in which a loss landscape can be compared between models (Li et al. 2018, arXiv:1712.09913): every filter of the direction is scaled to the length of the same filter of the weight. Weights of rank 0
 * and 1 (biases, norms, the scale) do not move, and a filter without a direction stays zero.
 * @param direction as many numbers as the weight has, row-major
 * @param filterAxis which axis counts the filters: 0 for weights [out, in] and for embeddings, 1 for projections
 *   [in, out], 3 for convolution kernels [height, width, in, out]
 */
export function filterNormalised(
  direction: ArrayLike<number>,
  {shape, data}: HostArray,
  filterAxis: number,
): Float64Array {
  if (shape.length < 2) return new Float64Array(data.length);
  const filters = shape[filterAxis]!;
  const stride = shape.slice(filterAxis + 1).reduce((product, size) => product * size, 1);
  const filterOf = (i: number) => Math.floor(i / stride) % filters;
  const [moved, held] = [new Float64Array(filters), new Float64Array(filters)];
  for (let i = 0; i < data.length; i++) {
    const filter = filterOf(i);
    moved[filter]! += direction[i]! ** 2;
    held[filter]! += data[i]! ** 2;
  }
  return Float64Array.from(direction, (value, i) => {
    const filter = filterOf(i);
    return moved[filter] === 0 ? 0 : value * Math.sqrt(held[filter]! / moved[filter]!);
  });
}
