import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {metricValue} from '../../../src/eval/bootstrap.js';
import type {Rows} from '../../../src/eval/inner-products.js';
import {evaluateZeroShot, zeroShotLogits} from '../../../src/eval/zero-shot.js';

/** Images whose inner products with the classes (unit vectors) are the given scores. */
function withScores(scores: readonly (readonly number[])[]): {images: Rows; classes: Rows} {
  const c = scores[0]!.length;
  const identity = Float64Array.from({length: c * c}, (_, i) => (i % (c + 1) === 0 ? 1 : 0));
  return {
    images: {values: Float64Array.from(scores.flat()), count: scores.length, dim: c},
    classes: {values: identity, count: c, dim: c},
  };
}

describe('evaluateZeroShot', () => {
  it('equals sorting the classes of every image, ties in class order', () => {
    const row = fc.array(fc.integer({min: -2, max: 2}), {minLength: 7, maxLength: 7});
    const cases = fc.array(fc.tuple(row, fc.integer({min: 0, max: 6})), {minLength: 1, maxLength: 20});
    fc.assert(
      fc.property(cases, (images) => {
        const scores = images.map(([values]) => values);
        const labels = images.map(([, label]) => label);
        const result = evaluateZeroShot({...withScores(scores), labels});
        const order = scores.map((values) =>
          [0, 1, 2, 3, 4, 5, 6].sort((a, b) => values[b]! - values[a]! || a - b),
        );
        const share = (k: number) =>
          order.filter((classes, i) => classes.slice(0, k).includes(labels[i]!)).length / labels.length;
        expect([...result.predictions]).toEqual(order.map((classes) => classes[0]));
        expect(metricValue(result.acc1)).toBeCloseTo(share(1), 12);
        expect(metricValue(result.acc5!)).toBeCloseTo(share(5), 12);
      }),
      {numRuns: 200, seed: 3},
    );
  });

  it('weighs classes alike in the mean per-class recall, whatever their size, and leaves out absent ones', () => {
    const {images, classes} = withScores([
      [1, 0, 0],
      [1, 0, 0],
      [1, 0, 0],
      [0, 0, 1],
    ]);
    const result = evaluateZeroShot({images, classes, labels: [0, 0, 0, 1]});
    expect(metricValue(result.acc1)).toBe(0.75);
    expect(metricValue(result.meanPerClassRecall)).toBe(0.5);
    expect(result.perClass).toEqual([
      {index: 0, n: 3, recall: 1},
      {index: 1, n: 1, recall: 0, takenFor: {index: 2, n: 1}},
    ]);
    expect([...result.confusion]).toEqual([3, 0, 0, 0, 0, 1, 0, 0, 0]);
  });

  it('has no top-5 accuracy with fewer than five classes', () => {
    expect(evaluateZeroShot({...withScores([[1, 0, 0, 0]]), labels: [0]}).acc5).toBeUndefined();
    expect(evaluateZeroShot({...withScores([[1, 0, 0, 0, 0]]), labels: [4]}).acc5?.sums).toEqual(
      Float64Array.of(1),
    );
  });

  it('gives the same predictions when the images need many blocks', () => {
    const scores = Array.from({length: 1000}, (_, i) =>
      Array.from({length: 3}, (_, c) => ((i * 13 + c * 7) % 11) / 11),
    );
    const all = evaluateZeroShot({...withScores(scores), labels: scores.map(() => 0)});
    expect([...all.predictions]).toEqual(scores.map((values) => values.indexOf(Math.max(...values))));
  });
});

it('zeroShotLogits are 100 times the cosines', () => {
  expect([...zeroShotLogits(withScores([[0.5, 0.25]]).images, withScores([[0, 0]]).classes)]).toEqual([
    50, 25,
  ]);
});
