import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {z} from 'zod';
import {startEngine} from '../../../../src/engine/backend.js';
import clip from '../../../../src/methods/clip.js';
import {defineMethod, type Method} from '../../../../src/methods/contract/method.js';
import {
  checkParts,
  partOf,
  partsNeeds,
  scheduled,
  type Part,
} from '../../../../src/methods/contract/parts.js';
import fd from '../../../../src/methods/fd.js';
import sClip from '../../../../src/methods/s-clip.js';
import softPl from '../../../../src/methods/soft-pl.js';
import {randomModel} from '../../../../src/model/random-model.js';
import {UserError} from '../../../../src/support/errors.js';
import {trainOnRandom} from '../../../support/method-training.js';
import {tinyVit} from '../../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

const about = {
  summary: 'For this test.',
  cites: [],
  differs: 'nothing known',
  needs: {},
  params: z.strictObject({}),
};

describe('methods in one run', () => {
  it('are refused when two decide the same, with what it is', () => {
    expect(() => checkParts([partOf(sClip), partOf(softPl)])).toThrow(
      new UserError(
        'methods: expected one that decides which captions or words uncaptioned images get, got s-clip and soft-pl',
        {tryThis: 'leave out one of the two'},
      ),
    );
  });

  it('are refused when one stands there twice', () => {
    expect(() => checkParts([partOf(clip), partOf(clip)])).toThrow(
      'methods: expected each only once, got clip twice',
    );
  });

  it('add their terms under their names, with their factor', () => {
    const {numbers} = trainOnRandom([partOf(clip), {...partOf(sClip), weight: 0.5}], tinyVit, {steps: 1});
    const {loss, terms} = numbers[0]!;
    expect(Object.keys(terms)).toEqual(['contrastive', 's-clip.caption', 's-clip.keyword']);
    const sum = terms['contrastive']! + 0.5 * (terms['s-clip.caption']! + terms['s-clip.keyword']!);
    expect(loss).toBeCloseTo(sum, 5);
  });

  it('need together what each needs, but no tokens for one at weight 0', () => {
    const needs = {unpaired: 'images', alike: true, keywords: true, start: true, tokens: ['image']};
    expect(partsNeeds([partOf(sClip), partOf(fd)])).toEqual(needs);
    const {tokens: _, ...others} = needs;
    expect(partsNeeds([partOf(sClip), {...partOf(fd), weight: 0}])).toEqual(others);
  });
});

/** Pulls a weight of its own towards a goal that the schedule moves; remembers where it was. */
const pull = defineMethod({
  name: 'pull',
  ...about,
  formula: {terms: {pull: {weight: 'share', value: '(x - 1)^2'}}},
  extras: () => ({x: {shape: [2], initial: {kind: 'constant', value: 3}}}),
  state: () => ({before: {shape: [2], data: new Float32Array(2)}}),
  schedule: ({step, steps}) => ({share: (step + 1) / steps}),
  objective: ({extras, scalars}) => ({
    terms: {
      pull: {weight: scalars['share']!, value: () => tf.sum(tf.square(tf.sub(extras['x']!, 1)))},
    },
    state: {before: () => tf.clone(extras['x']!)},
  }),
});

describe('weights, state and schedule of a method', () => {
  const parts = [partOf(clip), partOf(pull)];

  it('are named after it, train and are remembered, eager and captured', () => {
    for (const capture of [false, true]) {
      const {held, numbers} = trainOnRandom(parts, tinyVit, {steps: 2, mode: {capture}});
      const x = held['weights/pull/x']!.data;
      expect(x[0]).toBeLessThan(3);
      expect(held['moment1/pull/x']!.data[0]).toBeGreaterThan(0);
      // the state is one step behind: it was taken before the second update
      expect(held['state/pull/before']!.data[0]).toBeGreaterThan(x[0]!);
      expect(held['state/pull/before']!.data[0]).toBeLessThan(3);
      expect(numbers[0]!.terms['pull.pull']).toBe(8);
      const {loss, terms} = numbers[0]!;
      expect(loss).toBeCloseTo(terms['contrastive']! + 8 / 12, 4);
    }
  });

  it('the schedule is a function of the step', () => {
    expect(scheduled(parts, {step: 2, steps: 4})).toEqual({'pull/share': 0.75});
  });
});

/** Doubles the text projection, and trains nothing else. */
const doubled = defineMethod({
  name: 'doubled',
  ...about,
  formula: {},
  trains: (name) => name === 'text_projection',
  reweight: ({weights}) => ({text_projection: tf.mul(weights['text_projection']!, 2)}),
});

describe('a method that puts other weights in place', () => {
  const parts: Part[] = [partOf(doubled)];

  it('sends gradients to what they were made from, whole and in micro-batches, and to nothing else', () => {
    const {weights} = randomModel(tinyVit, 3);
    const moved = (held: Readonly<Record<string, {readonly data: ArrayLike<number>}>>) =>
      Object.keys(weights).filter((name) =>
        Array.from(held[`weights/${name}`]!.data).some((value, i) => value !== weights[name]!.data[i]),
      );
    const whole = trainOnRandom(parts, tinyVit, {steps: 1});
    expect(moved(whole.held)).toEqual(['text_projection']);
    const chunked = trainOnRandom(parts, tinyVit, {steps: 1, changes: {microBatch: 2}});
    const [expected, got] = [whole, chunked].map(({held}) => [...held['moment1/text_projection']!.data]);
    expect(Math.max(...expected!.map(Math.abs))).toBeGreaterThan(0);
    got!.forEach((value, i) => expect(value).toBeCloseTo(expected![i]!, 6));
  });
});

/** Compares with the model before the run. */
const near = defineMethod({
  name: 'near',
  ...about,
  needs: {start: true},
  formula: {terms: {near: {weight: 1, value: '|I - I0|^2'}}},
  objective: ({encode, start, batch: {paired}}) => ({
    terms: {
      near: {
        weight: 1,
        value: () => tf.sum(tf.square(tf.sub(encode.images(paired.images), start.images(paired.images)))),
      },
    },
  }),
});

describe('the model before the run', () => {
  it('stays what it was, and is not among what is held', () => {
    for (const capture of [false, true]) {
      const parts = [partOf(near)];
      const {numbers, held} = trainOnRandom(parts, tinyVit, {steps: 3, mode: {capture}});
      const [first, second, third] = numbers.map(({terms}) => terms['near']!);
      expect(first).toBeLessThan(1e-9);
      expect(second).toBeGreaterThan(1e-9);
      expect(third).not.toBe(second);
      expect(Object.keys(held).filter((name) => name.includes('start'))).toEqual([]);
    }
  });

  it('is refused to a method that does not declare it', () => {
    const careless = {...near, needs: {}} as unknown as Method;
    expect(() => trainOnRandom([partOf(careless)], tinyVit, {steps: 1})).toThrow(
      'method near: expected it to declare that it needs start, got no declaration',
    );
  });
});
