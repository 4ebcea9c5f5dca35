import {averagePrecision} from './average-precision.js';
import type {ItemScores} from './bootstrap.js';
import {gatherRows, innerProducts, type Rows} from './inner-products.js';

/** A search for images of the same thing, by numbers. */
export interface NumberedSearch {
  /** Number of the image that is looked for among all features. */
  readonly image: number;
  /** Places in `searched` of the images that show the same; at least one. */
  readonly good: readonly number[];
  /** Places in `searched` of the images that do not count, such as the query itself. */
  readonly junk: readonly number[];
}

export interface ImageSearchRequest {
  /** Features of all images, rows of unit length. */
  readonly images: Rows;
  /** Numbers of the images that are searched. */
  readonly searched: readonly number[];
  readonly queries: readonly NumberedSearch[];
}

/**
 * Average precision of every query by the cosines of image features. Of images with exactly the same cosine the wrong
 * ones come first: a model that gives everything the same score gets no credit.
 * @returns scores of the queries; their mean is the mean average precision (mAP)
 */
export function imageSearchScores({images, searched, queries}: ImageSearchRequest): ItemScores {
  const database = gatherRows(images, searched);
  const cosines = new Float64Array(database.count);
  const sums = queries.map(({image, good, junk}) => {
    innerProducts(gatherRows(images, [image]), database, {start: 0, end: 1}, cosines);
    const [isGood, isJunk] = [new Set(good), new Set(junk)];
    const order = Array.from(cosines.keys())
      .filter((place) => !isJunk.has(place))
      .sort((a, b) => cosines[b]! - cosines[a]! || Number(isGood.has(a)) - Number(isGood.has(b)));
    return averagePrecision(
      order.map((place) => isGood.has(place)),
      good.length,
    );
  });
  return {sums, counts: sums.map(() => 1)};
}
