import * as tf from '@tensorflow/tfjs-core';
import {afterEach, beforeAll, beforeEach, expect, it} from 'vitest';
import {startEngine} from '../../../../src/engine/backend.js';
import type {Tensors} from '../../../../src/engine/step.js';
import {batchView} from '../../../../src/methods/contract/batch-view.js';
import {BugError} from '../../../../src/support/errors.js';

beforeAll(async () => {
  await startEngine('auto');
});
beforeEach(() => tf.engine().startScope());
afterEach(() => tf.engine().endScope());

const paired = (): Tensors => ({
  'paired.images': tf.zeros([2, 4, 4, 3]),
  'paired.ids': tf.zeros([2, 5], 'int32'),
  'paired.end': tf.zeros([2], 'int32'),
});
const unpaired = (): Tensors => ({'unpaired.images': tf.zeros([3, 4, 4, 3])});
const keywords = (): Tensors => ({
  'keywords.ids': tf.zeros([6, 5], 'int32'),
  'keywords.end': tf.zeros([6], 'int32'),
  'keywords.labels': tf.zeros([2, 6]),
});
const allNeeds = {unpaired: 'images', keywords: true} as const;

it('opens every declared part by the tensors themselves', () => {
  const batch = {...paired(), ...unpaired(), ...keywords()};
  const view = batchView(batch, allNeeds);
  expect(view.paired.images).toBe(batch['paired.images']);
  expect(view.paired.captions).toEqual({ids: batch['paired.ids'], end: batch['paired.end']});
  expect(view.unpaired?.images).toBe(batch['unpaired.images']);
  expect(view.keywords?.tokens).toEqual({ids: batch['keywords.ids'], end: batch['keywords.end']});
  expect(view.keywords?.labels).toBe(batch['keywords.labels']);
});

it('a declared part that the run lacks is null', () => {
  const view = batchView(paired(), allNeeds);
  expect(view.unpaired).toBeNull();
  expect(view.keywords).toBeNull();
});

it.each(['unpaired', 'keywords', 'origins', 'rewritten'])(
  'reading %s undeclared throws, even where the batch has it',
  (part) => {
    const view: object = batchView({...paired(), ...unpaired(), ...keywords()}, {});
    expect(() => (view as Record<string, unknown>)[part]).toThrow(
      new BugError(`batch: expected the method to declare that it needs ${part}, got no declaration`),
    );
  },
);

it('undeclared parts do not compile either', () => {
  const view = batchView(paired(), {});
  // @ts-expect-error -- the view of a method without needs has no unpaired images
  const read = (): unknown => view.unpaired;
  expect(read).toThrow(BugError);
});

it('opens the origins of the pairs and their reworded captions, which no run lacks', () => {
  const batch = {
    ...paired(),
    'origins.images': tf.zeros([2], 'int32'),
    'origins.captions': tf.zeros([2], 'int32'),
    'rewritten.ids': tf.zeros([2, 5], 'int32'),
    'rewritten.end': tf.zeros([2], 'int32'),
  };
  const view = batchView(batch, {origins: true, rewritten: true});
  expect(view.origins).toEqual({images: batch['origins.images'], captions: batch['origins.captions']});
  expect(view.rewritten).toEqual({ids: batch['rewritten.ids'], end: batch['rewritten.end']});
  expect(() => batchView(paired(), {origins: true})).toThrow(
    new BugError('batch: expected origins.images of rank 1, got nothing'),
  );
  expect(() => batchView(paired(), {rewritten: true})).toThrow(
    new BugError('batch: expected rewritten.ids of rank 2, got nothing'),
  );
});

it('missing and misshapen tensors are named', () => {
  const {'paired.end': _end, ...cut} = paired();
  expect(() => batchView(cut, {})).toThrow(new BugError('batch: expected paired.end of rank 1, got nothing'));
  const flat = {...paired(), 'unpaired.images': tf.zeros([3, 48])};
  expect(() => batchView(flat, allNeeds)).toThrow(
    new BugError('batch: expected unpaired.images of rank 4, got rank 2'),
  );
  const {'keywords.labels': _labels, ...half} = keywords();
  expect(() => batchView({...paired(), ...half}, allNeeds)).toThrow(
    new BugError('batch: expected keywords.labels of rank 2, got nothing'),
  );
});
