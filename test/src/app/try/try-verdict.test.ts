import {expect, it} from 'vitest';
import {tryVerdict} from '../../../../src/app/try/try-verdict.js';

const [better, worse, open] = [
  {value: 0.1, ci95: [0.05, 0.2]},
  {value: -0.1, ci95: [-0.2, -0.05]},
  {value: 0.1, ci95: [-0.05, 0.2]},
] as const;

it('says how often S-CLIP is better and worse, as the intervals have it, and claims nothing else', () => {
  expect(
    tryVerdict([
      {better: 'supervised', than: 'before', figures: {a: better, b: better, c: better}},
      {better: 's-clip', than: 'before', figures: {a: better, b: open, c: better}},
      {better: 's-clip', than: 'supervised', figures: {a: worse, b: worse, c: open}},
    ]),
  ).toBe(
    'S-CLIP beside the model before: better in 2 of 3 figures, worse in 0, not told apart in 1. ' +
      'Beside supervised tuning on the same budget: better in 0 of 3 figures, worse in 2, not told apart in 1.',
  );
});
