import {permutation} from '../../engine/random.js';
import {innerProducts, type Rows} from '../../eval/inner-products.js';

/** For each captioned image the uncaptioned ones that come into its batches, one after the other: [captioned, draws]. */
export type Partners = readonly (readonly number[])[];

/**
 * Share of the uncaptioned images that become partners: those nearest to a captioned one. Of aerial photos 77 in 100 of them are of the
 * class of that one, of all 54 (LOG.md, 2026-12-02).
 */
const nearShare = 0.5;

export interface PartnerOptions {
  /** How many partners a captioned image gets. */
  readonly draws: number;
  readonly seed: number;
  readonly stream: number;
}

/**
 * Draws partners: an uncaptioned image comes into the batches of the captioned one it is most like, and only if it is among the
 * half that is most like any. A captioned image takes all its partners before one comes again; one that is nobody's nearest takes
 * the image that is most like it.
 * @param captioned [n, d], rows of unit length
 * @param uncaptioned [u, d], rows of unit length, at least one
 * @returns [n, draws] numbers of uncaptioned images
 */
export function drawPartners(
  captioned: Rows,
  uncaptioned: Rows,
  {draws, seed, stream}: PartnerOptions,
): Partners {
  const {ofCaptioned, ofUncaptioned} = nearest(captioned, uncaptioned);
  const {cosines, places} = ofUncaptioned;
  const inOrder = Array.from(cosines.keys()).sort((a, b) => cosines[b]! - cosines[a]! || a - b);
  const own: number[][] = Array.from({length: captioned.count}, () => []);
  for (const place of inOrder.slice(0, Math.ceil(nearShare * uncaptioned.count))) {
    own[places[place]!]!.push(place);
  }
  return own.map((known, row) => {
    const pool = known.length > 0 ? known : [ofCaptioned.places[row]!];
    return Array.from({length: Math.ceil(draws / pool.length)}, (_pass, pass) =>
      Array.from(permutation(pool.length, seed, stream, row, pass), (i) => pool[i]!),
    )
      .flat()
      .slice(0, draws);
  });
}

/** The nearest of other rows, for each row. */
interface Nearest {
  readonly cosines: Float64Array;
  readonly places: Uint32Array;
}

/** Nearest rows both ways, the first of equals; two rows of `a` at a time, so that memory does not grow with both. */
function nearest(a: Rows, b: Rows): {readonly ofCaptioned: Nearest; readonly ofUncaptioned: Nearest} {
  const none = (count: number): Nearest => ({
    cosines: new Float64Array(count).fill(-Infinity),
    places: new Uint32Array(count),
  });
  const [ofCaptioned, ofUncaptioned] = [none(a.count), none(b.count)];
  const products = new Float64Array(2 * b.count);
  for (let start = 0; start < a.count; start += 2) {
    const end = Math.min(start + 2, a.count);
    innerProducts(a, b, {start, end}, products);
    for (let row = start; row < end; row++) {
      for (let column = 0; column < b.count; column++) {
        const cosine = products[(row - start) * b.count + column]!;
        keepNearer(ofCaptioned, row, {cosine, place: column});
        keepNearer(ofUncaptioned, column, {cosine, place: row});
      }
    }
  }
  return {ofCaptioned, ofUncaptioned};
}

function keepNearer(
  {cosines, places}: Nearest,
  of: number,
  {cosine, place}: {readonly cosine: number; readonly place: number},
): void {
  if (cosine <= cosines[of]!) return;
  cosines[of] = cosine;
  places[of] = place;
}
