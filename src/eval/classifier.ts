import type {ClassHead} from '../model/class-head.js';
import type {HostArray} from '../engine/step.js';
import {innerProducts, type Rows} from './inner-products.js';
import {measureLogits, type ZeroShot} from './zero-shot.js';

/** Images whose logits are held at a time. */
const blockImages = 256;

export interface ClassifierRequest {
  /** [n, d] image features, rows of unit length. */
  readonly images: Rows;
  readonly head: ClassHead;
  /** [n] the right class of each image by its number in the head. */
  readonly labels: ArrayLike<number>;
}

/** Classification by a head that a method made for the classes it was trained with. */
export function evaluateClassifier({images, head, labels}: ClassifierRequest): ZeroShot {
  const classes = head.labels.length;
  return measureLogits({images: images.count, classes, labels}, (visit) => {
    for (let start = 0; start < images.count; start += blockImages) {
      const end = Math.min(images.count, start + blockImages);
      const logits = headLogits(images, head, {start, end});
      for (let i = start; i < end; i++) {
        visit(logits.subarray((i - start) * classes, (i - start + 1) * classes), i);
      }
    }
  });
}

interface Block {
  readonly start: number;
  readonly end: number;
}

/** Logits of some images, [end - start, c], in float64. */
export function headLogits(images: Rows, {weights, bias, cache}: ClassHead, block: Block): Float64Array {
  const count = block.end - block.start;
  const classes = bias.data.length;
  const logits = new Float64Array(count * classes);
  innerProducts(images, rowsOf(weights), block, logits);
  for (let i = 0; i < logits.length; i++) logits[i] = logits[i]! + bias.data[i % classes]!;
  if (!cache) return logits;
  const keys = rowsOf(cache.keys);
  const near = new Float64Array(count * keys.count);
  innerProducts(images, keys, block, near);
  for (let i = 0; i < count; i++) {
    for (let k = 0; k < keys.count; k++) {
      const weight = cache.alpha * Math.exp(-cache.beta * (1 - near[i * keys.count + k]!));
      for (let c = 0; c < classes; c++) {
        logits[i * classes + c] = logits[i * classes + c]! + weight * cache.values.data[k * classes + c]!;
      }
    }
  }
  return logits;
}

function rowsOf({shape, data}: HostArray): Rows {
  return {values: Float64Array.from(data), count: shape[0]!, dim: shape[1]!};
}
