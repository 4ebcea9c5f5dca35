import {expect, it} from 'vitest';
import {classWeights} from '../../../src/eval/class-weights.js';

/** Two classes, two templates, dimension 2. */
const features = [3, 4, 0, 2, 1, 0, 0.5, 0];

it('averages the normalised templates of a class and normalises the mean', () => {
  // class 0: (0.6, 0.8) + (0, 1) = (0.6, 1.8), length sqrt(3.6); class 1: (1, 0) twice
  const weights = classWeights({features, classes: 2, templates: 2, dim: 2});
  const expected = [0.6 / Math.sqrt(3.6), 1.8 / Math.sqrt(3.6), 1, 0];
  weights.forEach((weight, k) => expect(weight).toBeCloseTo(expected[k]!, 14));
});

it('does not let a longer feature weigh more', () => {
  const short = classWeights({features: [1, 0, 0, 1], classes: 1, templates: 2, dim: 2});
  const long = classWeights({features: [100, 0, 0, 1], classes: 1, templates: 2, dim: 2});
  expect([...long]).toEqual([...short]);
});

it('keeps a class whose templates cancel finite', () => {
  expect([...classWeights({features: [1, 0, -1, 0], classes: 1, templates: 2, dim: 2})]).toEqual([0, 0]);
});
