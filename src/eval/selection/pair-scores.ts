import type {CaptionIndex} from '../caption-index.js';
import {gatherRows, innerProducts, type Rows} from '../inner-products.js';
import {logSumExp} from '../../support/log-sum-exp.js';

export interface PairFeatures {
  /** [n, d], rows of unit length. */
  readonly images: Rows;
  /** [v, d] of the distinct texts of the index, rows of unit length. */
  readonly texts: Rows;
  readonly captions: CaptionIndex;
  /** s = exp(logit_scale). */
  readonly scale: number;
}

/**
 * How well a model tells n images by their captions, [n], in nats, 0 at best: for each image the mean of two log
 * probabilities under softmaxes over the set, that of one of its own texts given the image, and that of one of its images given a
 * text, over all its texts. It is CLIP's loss (arXiv:2103.00020) with its sign turned and with equal texts counted as right
 * wherever they stand; unlike ranks it changes with every weight.
 */
export function pairScores({images, texts, captions, scale}: PairFeatures): Float64Array {
  const logits = new Float64Array(images.count * texts.count);
  innerProducts(asDouble(images), asDouble(texts), {start: 0, end: images.count}, logits);
  const at = (image: number, text: number) => scale * logits[image * texts.count + text]!;
  const {textsOf, imagesOf} = captions;
  const logTexts = textsOf.map((_, image) => logSumExp(texts.count, (text) => at(image, text)));
  const ofText = imagesOf.map((own, text) => {
    const all = logSumExp(images.count, (image) => at(image, text));
    return logSumExp(own.length, (k) => at(own[k]!, text)) - all;
  });
  return Float64Array.from(textsOf, (ids, image) => {
    const own = [...new Set(ids)];
    const toText = logSumExp(own.length, (k) => at(image, own[k]!)) - logTexts[image]!;
    const toImage = own.reduce((sum, text) => sum + ofText[text]!, 0) / own.length;
    return (toText + toImage) / 2;
  });
}

/** Products are summed in float64 whatever the features are. */
function asDouble(rows: Rows): Rows {
  return gatherRows(
    rows,
    Array.from({length: rows.count}, (_, i) => i),
  );
}
