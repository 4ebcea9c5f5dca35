import {indexCaptions} from './caption-index.js';

/**
 * Share of n captioned images of which the most similar other one has one of their captions, in [0, 1]; 0 below two images. It tells how
 * often an image could be given its neighbour's caption (leave-one-out nearest neighbour, Cover and Hart 1967).
 * @param nearest [n], the most similar other image of each
 */
export function carriedCaptionShare(nearest: Int32Array, captionsOf: readonly (readonly string[])[]): number {
  if (nearest.length < 2) return 0;
  const {textsOf} = indexCaptions(captionsOf);
  const carried = textsOf.filter((texts, i) => texts.some((text) => textsOf[nearest[i]!]!.includes(text)));
  return carried.length / nearest.length;
}
