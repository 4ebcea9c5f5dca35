import type {CaptionIndex} from '../caption-index.js';
import type {Rows} from '../inner-products.js';
import {productScores, rankRows} from '../ranks.js';

export interface PairFeatures {
  /** [n, d], rows of unit length. */
  readonly images: Rows;
  /** [v, d] of the distinct texts of the index, rows of unit length. */
  readonly texts: Rows;
  readonly captions: CaptionIndex;
}

/**
 * How well a model finds n images by their captions and captions by their images: minus the logarithm of the rank (from 1) of
 * the best right answer, mean of both directions, over all texts of an image, [n]; 0 at best. Ranks and not the loss of CLIP,
 * because on few pairs that falls most by features that spread and scales that fit, with no pair in a better place.
 */
export function rankScores({images, texts, captions}: PairFeatures): Float64Array {
  const {textsOf, imagesOf, copies} = captions;
  const ownTexts = textsOf.map((ids) => Int32Array.from(new Set(ids)));
  const imageRanks = rankRows({
    scores: productScores(images, texts),
    relevant: (image) => ownTexts[image]!,
    copies,
    ties: 'ahead',
  });
  const textRanks = rankRows({
    scores: productScores(texts, images),
    relevant: (text) => imagesOf[text]!,
    ties: 'ahead',
  });
  return Float64Array.from(ownTexts, (own, image) => {
    const toImage = own.reduce((sum, text) => sum + Math.log1p(textRanks[text]!), 0) / own.length;
    return -(Math.log1p(imageRanks[image]!) + toImage) / 2;
  });
}
