import {permutation} from '../../engine/random.js';
import {indexCaptions} from '../caption-index.js';

/** Row numbers of captioned images, each in exactly one of the lists, in their order. */
export interface HeldOutPairs {
  readonly trained: readonly number[];
  readonly held: readonly number[];
}

export interface HoldOutOptions {
  /** Share of the rows to keep back, in [0, 1). */
  readonly share: number;
  readonly seed: number;
  /** Whether images that share a caption may be torn apart: where captions name classes. */
  readonly tearsGroups?: boolean;
}

/** Most pairs that are kept back: enough to choose by, and soon embedded. */
export const mostHeld = 256;

/** Below this many pairs nothing can be chosen by them. */
export const fewestHeld = 16;

/** First counter of the draws, so that they are not those of another use of the same seed. */
const stream = 0x5e1ec7;

/**
 * Keeps back captioned images, drawn by the seed, to choose weights by. Images that share a caption (views of one product,
 * a sentence used again) stay together, since a pair whose caption was trained on says nothing about new ones; a group that is
 * larger than what is still wanted is trained on. Nothing is kept back when fewer than {@link fewestHeld} pairs would be.
 */
export function holdOutPairs(
  captionsOf: readonly (readonly string[])[],
  {share, seed, tearsGroups = false}: HoldOutOptions,
): HeldOutPairs {
  const wanted = Math.min(mostHeld, Math.round(captionsOf.length * share));
  const groups = tearsGroups ? captionsOf.map((_, row) => [row]) : captionGroups(captionsOf);
  const held = new Set<number>();
  for (const g of permutation(groups.length, seed, stream)) {
    const group = groups[g]!;
    if (held.size + group.length <= wanted) for (const row of group) held.add(row);
  }
  if (held.size < fewestHeld) held.clear();
  const rows = captionsOf.map((_, row) => row);
  return {trained: rows.filter((row) => !held.has(row)), held: rows.filter((row) => held.has(row))};
}

/** Rows that are connected by captions which they share, each row in one group. */
function captionGroups(captionsOf: readonly (readonly string[])[]): number[][] {
  const {textsOf, imagesOf} = indexCaptions(captionsOf);
  const seen = new Set<number>();
  const groups: number[][] = [];
  for (const first of captionsOf.keys()) {
    if (seen.has(first)) continue;
    seen.add(first);
    const group = [first];
    // grows while it is walked
    for (const row of group) {
      for (const text of textsOf[row]!) {
        for (const other of imagesOf[text]!) {
          if (seen.has(other)) continue;
          seen.add(other);
          group.push(other);
        }
      }
    }
    groups.push(group);
  }
  return groups;
}
