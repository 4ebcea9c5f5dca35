/**
 * Rates of stochastic depth, one a block: linear from 0 in the first to `top` in the last (Huang et al. 2016,
 * arXiv:1603.09382). A single block is never dropped.
 */
export function dropPathRates(depth: number, top: number): number[] {
  return Array.from({length: depth}, (_, block) => (depth === 1 ? 0 : (top * block) / (depth - 1)));
}

/**
 * Learning-rate multipliers of layer decay (BEiT, arXiv:2106.08254): decay^(depth + 1 - i) for i = 0 the
 * embeddings, 1 to depth the blocks, depth + 1 the head and its norm.
 */
export function layerDecayMultipliers(depth: number, decay: number): number[] {
  return Array.from({length: depth + 2}, (_, layer) => decay ** (depth + 1 - layer));
}
