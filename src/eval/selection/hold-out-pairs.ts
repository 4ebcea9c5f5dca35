import {permutation} from '../../engine/random.js';

/** Row numbers of captioned images, each in exactly one of the lists, in their order. */
export interface HeldOutPairs {
  readonly trained: readonly number[];
  readonly held: readonly number[];
}

/** Most pairs that are kept back: enough to choose by, and soon embedded. */
export const mostHeld = 256;

/** Below this many pairs nothing can be chosen by them. */
export const fewestHeld = 16;

/** First counter of the draws, so that they are not those of another use of the same seed. */
const stream = 0x5e1ec7;

/**
 * Keeps back a share of n captioned images, drawn by the seed, to choose weights by. Images that share a caption may be torn apart, as
 * those of a test set are: where captions are often the same, keeping groups back as a whole would take their things out of
 * training (LOG.md, 2026-12-02). Nothing is kept back when there would be fewer than {@link fewestHeld}.
 * @param share in [0, 1)
 */
export function holdOutPairs(
  n: number,
  {share, seed}: {readonly share: number; readonly seed: number},
): HeldOutPairs {
  const wanted = Math.min(mostHeld, Math.round(n * share));
  const held = new Set(wanted < fewestHeld ? [] : permutation(n, seed, stream).slice(0, wanted));
  const rows = Array.from({length: n}, (_, row) => row);
  return {trained: rows.filter((row) => !held.has(row)), held: rows.filter((row) => held.has(row))};
}
