import {expect, it} from 'vitest';
import type {TryOutcome} from '../../../src/app/try/try-run.js';
import {tryText} from '../../../src/ui/try-text.js';

const figures = {'zero-shot groups': {value: 0.25, ci95: [0.2, 0.3]}} as const;
const outcome: TryOutcome = {
  report: {
    ...{
      type: 'try',
      version: 1,
      folder: 'runs/try',
      page: 'runs/try/report.html',
      budget: 'full',
      model: 'bundled',
    },
    ...{engine: 'cpu', seed: 0, steps: 2, batch: 8, images: {captioned: 1, unpaired: 2, test: 3}},
    models: [{label: 'before', figures, classes: []}],
    differences: [
      {better: 'a', than: 'b', figures: {'zero-shot groups': {value: -0.1, ci95: [-0.2, -0.05]}}},
      {better: 'c', than: 'b', figures: {'zero-shot groups': {value: 0.1, ci95: [-0.2, 0.4]}}},
    ],
    verdict: 'S-CLIP beside the others.',
    samples: [
      {
        image: 'magnet',
        captions: [
          {by: 'before', lines: [{caption: 'purse', weight: 0.5}]},
          {by: 'after', lines: []},
        ],
      },
    ],
    ...{next: ['fewclip adapt'], seconds: 1},
  },
  thumbnails: [{pixels255: new Uint8Array(4 * 4 * 3).fill(200), side: 4}],
};

it('is a table with intervals, differences marked where chance does not explain them, samples, and what is next', () => {
  expect(tryText(outcome, undefined).split('\n')).toEqual([
    '3 held-out drawings; 2 steps of 8 captioned ones each (full budget, seed 0); percent [95 % interval]',
    '                    before',
    '  zero-shot groups  25.0 [20.0, 30.0]',
    '',
    'Differences on the same drawings: percentage points [95 % interval, paired]',
    '                    a - b                  c - b',
    '  zero-shot groups  -10.0 [-20.0, -5.0] *  +10.0 [-20.0, +40.0]',
    '* the interval leaves out 0',
    '',
    'S-CLIP beside the others.',
    '',
    'Uncaptioned drawings, drawn by the seed, and the caption that transport gives them:',
    '',
    'magnet',
    '  before: purse (50.0 %)',
    '  after: none',
    '',
    'report: runs/try/report.html (opens in any browser)',
    '',
    'Next, with images of your own:',
    '  fewclip adapt',
  ]);
});

it('has pictures beside the samples where the terminal has colours, and never cuts the text', () => {
  const text = tryText(outcome, 24);
  expect(text.match(/▀/g)!.length).toBe(4 * 2);
  for (const part of ['magnet', 'before: purse (50.0 %)', 'after: none']) expect(text).toContain(part);
});
