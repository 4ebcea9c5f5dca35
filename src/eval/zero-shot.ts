import type {ItemScores} from './bootstrap.js';
import {innerProducts, type Rows} from './inner-products.js';

/** The factor of zero-shot logits, 1 / 0.01: it changes no prediction, only how sure the probabilities look. */
const logitFactor = 100;

/** Images whose logits are held at a time. */
const blockImages = 256;

export interface ZeroShotRequest {
  /** [n, d] image features, rows of unit length. */
  readonly images: Rows;
  /** [c, d] class weights, rows of unit length. */
  readonly classes: Rows;
  /** [n] the right class of each image, 0 to c - 1. */
  readonly labels: ArrayLike<number>;
}

export interface ClassRecall {
  /** Number of the class. */
  readonly index: number;
  /** Images of the class. */
  readonly n: number;
  /** Share of them that the first prediction gets right. */
  readonly recall: number;
  /** The class that most of the others are taken for; undefined when none is wrong. */
  readonly takenFor?: {readonly index: number; readonly n: number};
}

export interface ZeroShot {
  /** [n] the class with the largest logit; the first of several. */
  readonly predictions: Int32Array;
  readonly acc1: ItemScores;
  /** Undefined with fewer than five classes, where it would be 1 whatever the model says. */
  readonly acc5?: ItemScores;
  readonly meanPerClassRecall: ItemScores;
  /** The classes that occur in the labels, in their order. */
  readonly perClass: readonly ClassRecall[];
  /** [c, c] images by right class (row) and first prediction (column). */
  readonly confusion: Int32Array;
}

/** Zero-shot classification: logits = 100 x image . class. */
export function evaluateZeroShot({images, classes, labels}: ZeroShotRequest): ZeroShot {
  return measureLogits({images: images.count, classes: classes.count, labels}, (visit) =>
    forEachRow(images, classes, visit),
  );
}

/** What classification comes to: `visitAll` hands over the logits [c] of each image once. */
export function measureLogits(
  {
    images,
    classes,
    labels,
  }: {readonly images: number; readonly classes: number; readonly labels: ArrayLike<number>},
  visitAll: (visit: (logits: Float64Array, image: number) => void) => void,
): ZeroShot {
  const predictions = new Int32Array(images);
  const ahead = new Int32Array(images);
  visitAll((logits, i) => {
    predictions[i] = firstLargest(logits);
    ahead[i] = classesAhead(logits, labels[i]!);
  });
  const among = (first: number): ItemScores => ({
    sums: Float64Array.from(ahead, (count) => (count < first ? 1 : 0)),
    counts: new Float64Array(images).fill(1),
  });
  const confusion = countConfusions(predictions, labels, classes);
  return {
    predictions,
    acc1: among(1),
    ...(classes >= 5 && {acc5: among(5)}),
    meanPerClassRecall: {...among(1), groups: labels},
    perClass: recallPerClass(confusion, classes),
    confusion,
  };
}

/** All logits at once [n, c], for small n. */
export function zeroShotLogits(images: Rows, classes: Rows): Float64Array {
  const all = new Float64Array(images.count * classes.count);
  forEachRow(images, classes, (logits, i) => all.set(logits, i * classes.count));
  return all;
}

/** Visits the logits [c] of each image; the array is used again for later images. */
function forEachRow(images: Rows, classes: Rows, visit: (logits: Float64Array, image: number) => void): void {
  const block = new Float64Array(Math.min(blockImages, images.count) * classes.count);
  for (let start = 0; start < images.count; start += blockImages) {
    const end = Math.min(images.count, start + blockImages);
    innerProducts(images, classes, {start, end}, block);
    for (let i = 0; i < block.length; i++) block[i] = block[i]! * logitFactor;
    for (let i = start; i < end; i++) {
      visit(block.subarray((i - start) * classes.count, (i - start + 1) * classes.count), i);
    }
  }
}

function firstLargest(logits: Float64Array): number {
  let best = 0;
  for (let c = 1; c < logits.length; c++) if (logits[c]! > logits[best]!) best = c;
  return best;
}

/** Classes before `label` when sorted by falling logit, equal ones in class order: 0 if and only if it is predicted. */
function classesAhead(logits: Float64Array, label: number): number {
  const own = logits[label]!;
  let ahead = 0;
  for (let c = 0; c < logits.length; c++) if (logits[c]! > own || (logits[c] === own && c < label)) ahead++;
  return ahead;
}

function countConfusions(predictions: Int32Array, labels: ArrayLike<number>, classes: number): Int32Array {
  const confusion = new Int32Array(classes * classes);
  predictions.forEach((prediction, i) => {
    const cell = labels[i]! * classes + prediction;
    confusion[cell] = confusion[cell]! + 1;
  });
  return confusion;
}

function recallPerClass(confusion: Int32Array, classes: number): ClassRecall[] {
  const recalls: ClassRecall[] = [];
  for (let index = 0; index < classes; index++) {
    const row = confusion.subarray(index * classes, (index + 1) * classes);
    const n = row.reduce((sum, count) => sum + count, 0);
    if (n === 0) continue;
    const mistakes = row.map((count, other) => (other === index ? 0 : count));
    const worst = firstLargest(Float64Array.from(mistakes));
    const recall = row[index]! / n;
    recalls.push({
      index,
      n,
      recall,
      ...(mistakes[worst]! > 0 && {takenFor: {index: worst, n: mistakes[worst]!}}),
    });
  }
  return recalls;
}
