import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {z} from 'zod';
import {startEngine} from '../../../../src/engine/backend.js';
import {defineMethod} from '../../../../src/methods/contract/method.js';
import {
  ownInputs,
  requestedDraws,
  requestedPhrases,
  requestedViews,
} from '../../../../src/methods/contract/own-inputs.js';
import {partOf} from '../../../../src/methods/contract/parts.js';
import {tinyVit} from '../../../support/tiny-clip.js';

const twoViews = defineMethod({
  ...{name: 'two-views', summary: 'Two.', cites: [], differs: 'nothing known', needs: {}, formula: {}},
  params: z.strictObject({least: z.number().default(0.5)}),
  views: ({least}) => ({small: {of: 'all', area: [least, 1]}, other: {of: 'paired', area: [0.9, 1]}}),
  phrases: ({least}) => ({seen: `${least} of {}`}),
  draws: ({config, sizes}) => ({keep: [config.text.layers, sizes.paired], noise: [sizes.unpaired]}),
});
beforeAll(async () => {
  await startEngine('auto');
});

const parts = [partOf(twoViews, {least: 0.25})];

describe('what a method asks of the batch for itself', () => {
  it('are views of the images that it names', () => {
    expect(requestedViews(parts)).toEqual([
      {entry: 'two-views/view.paired.small', of: 'paired', area: [0.25, 1]},
      {entry: 'two-views/view.unpaired.small', of: 'unpaired', area: [0.25, 1]},
      {entry: 'two-views/view.paired.other', of: 'paired', area: [0.9, 1]},
    ]);
  });

  it('are sentences for the keywords', () => {
    expect(requestedPhrases(parts)).toEqual({'two-views/phrase.seen': '0.25 of {}'});
  });

  it('are random numbers, as many as the batch needs', () => {
    expect(requestedDraws(parts, tinyVit, {paired: 4, unpaired: 3})).toEqual({
      'two-views/draw.keep': [tinyVit.text.layers, 4],
      'two-views/draw.noise': [3],
    });
  });

  it('comes back by its own names, without what belongs to others', () => {
    const batch = {
      'paired.images': tf.zeros([1]),
      'two-views/view.paired.small': tf.zeros([2]),
      'two-views/view.unpaired.small': tf.zeros([3]),
      'two-views/phrase.seen.ids': tf.zeros([3, 5], 'int32'),
      'two-views/phrase.seen.end': tf.zeros([3], 'int32'),
      'two-views/draw.keep': tf.zeros([4]),
      'other/draw.keep': tf.zeros([5]),
    };
    const {views, phrases, draws} = ownInputs(batch, twoViews);
    expect(views.paired).toEqual({small: batch['two-views/view.paired.small']});
    expect(views.unpaired).toEqual({small: batch['two-views/view.unpaired.small']});
    expect(phrases).toEqual({
      seen: {ids: batch['two-views/phrase.seen.ids'], end: batch['two-views/phrase.seen.end']},
    });
    expect(draws).toEqual({keep: batch['two-views/draw.keep']});
  });
});
