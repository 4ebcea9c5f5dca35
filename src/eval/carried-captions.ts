import {indexCaptions} from './caption-index.js';
import {innerProducts, type Rows} from './inner-products.js';

/** Images that are looked at, at most. */
const mostLooked = 2048;

/**
 * Share of n captioned images of which the most similar other one has one of their captions, in [0, 1]; 0 below two images. It tells how
 * often an image could be given its neighbour's caption (leave-one-out nearest neighbour, Cover and Hart 1967). Of very many
 * images the first are looked at.
 * @param features [n, d], rows of unit length, in the order of `captionsOf`
 */
export function carriedCaptionShare(features: Rows, captionsOf: readonly (readonly string[])[]): number {
  const count = Math.min(features.count, mostLooked);
  if (count < 2) return 0;
  const {textsOf} = indexCaptions(captionsOf.slice(0, count));
  const looked = {...features, count};
  const cosines = new Float64Array(count);
  let carried = 0;
  for (let i = 0; i < count; i++) {
    innerProducts(looked, looked, {start: i, end: i + 1}, cosines);
    cosines[i] = -Infinity;
    const nearest = cosines.reduce((best, cosine, j) => (cosine > cosines[best]! ? j : best), 0);
    if (textsOf[i]!.some((text) => textsOf[nearest]!.includes(text))) carried++;
  }
  return carried / count;
}
