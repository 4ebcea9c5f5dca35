import {productScores} from '../ranks.js';
import {captionRanks, type RetrievalRequest} from '../retrieval.js';

/**
 * How well a model finds n images by their captions and captions by their images: minus the logarithm of the rank (from 1) of
 * the best right answer, mean of both directions, over all texts of an image, [n]; 0 at best. Ranks and not the loss of CLIP,
 * because on few pairs that falls most by features that spread and scales that fit, with no pair in a better place.
 */
export function rankScores({images, texts, captions}: RetrievalRequest): Float64Array {
  const scores = {imageToText: productScores(images, texts), textToImage: productScores(texts, images)};
  const {imageRanks, textRanks} = captionRanks(scores, captions);
  return Float64Array.from(captions.textsOf, (ids, image) => {
    const own = [...new Set(ids)];
    const toImage = own.reduce((sum, text) => sum + Math.log1p(textRanks[text]!), 0) / own.length;
    return -(Math.log1p(imageRanks[image]!) + toImage) / 2;
  });
}
