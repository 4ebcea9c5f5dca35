import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import clip from '../../../src/methods/clip.js';
import sClip from '../../../src/methods/s-clip.js';
import type {Matrix} from '../../reference/matrix.js';
import {numericalDerivative, numericalGradient} from '../../reference/numerical-gradient.js';
import {pseudoLabels, sClipTerms, type SClipInputs, type SClipOptions} from '../../reference/s-clip.js';
import {expectClose} from '../../support/expect-close.js';
import {methodGradients, methodValue} from '../../support/method-features.js';
import {randomFeatures} from '../../support/random-features.js';

beforeAll(async () => {
  await startEngine('auto');
});

const scales = [10, 1 / 0.07, 100];
const counts = {pairs: 6, unpaired: 5, words: 4};
const everything = ['paired.images', 'paired.ids', 'unpaired.images', 'keywords.ids'];

/** Weighted sum of the float64 terms. */
function reference(inputs: SClipInputs, options: SClipOptions, held = pseudoLabels(inputs, options)): number {
  const {contrastive, caption, keyword} = sClipTerms(inputs, held);
  return contrastive + caption + keyword;
}

describe.each(scales)('at scale %d', (scale) => {
  const inputs = randomFeatures(counts, scale, 51);

  it.each([
    [{}, {transport: 'ot', assign: 'image'}],
    [{assign: 'text'}, {transport: 'ot', assign: 'text'}],
    [{transport: 'soft'}, {transport: 'soft', assign: 'image'}],
    [
      {transport: 'soft', assign: 'text'},
      {transport: 'soft', assign: 'text'},
    ],
    [{transport: 'hard'}, {transport: 'hard', assign: 'image'}],
    [
      {transport: 'hard', assign: 'text'},
      {transport: 'hard', assign: 'text'},
    ],
    [{transportIters: 3}, {transport: 'ot', assign: 'image', iterations: 3}],
    [{transportReg: 0.05}, {transport: 'ot', assign: 'image', regularisation: 0.05}],
    [{keywordTarget: 'ratio'}, {transport: 'ot', assign: 'image', share: 'ratio'}],
    [{planGrad: 'through'}, {transport: 'ot', assign: 'image'}],
  ] as const)('every term agrees with float64 loops: %j', (params, options) => {
    const expected = sClipTerms(inputs, pseudoLabels(inputs, options));
    const {loss, terms, calls} = methodValue(sClip, params, inputs);
    expect(Object.keys(terms)).toEqual(['contrastive', 'caption', 'keyword']);
    expectClose(Object.values(terms), [expected.contrastive, expected.caption, expected.keyword]);
    expectClose(loss, expected.contrastive + expected.caption + expected.keyword);
    expect(calls).toEqual(everything);
  });

  it.each(['stop', 'through'] as const)(
    'gradients agree with float64 differences, plan-grad %s',
    (planGrad) => {
      const options = {transport: 'ot', assign: 'image'} as const;
      const held = pseudoLabels(inputs, options);
      const loss = (changed: Partial<SClipInputs>) => {
        const moved = {...inputs, ...changed};
        const plan = planGrad === 'stop' ? held.plan : pseudoLabels(moved, options).plan;
        return reference(moved, options, {plan, targets: held.targets});
      };
      const [images, texts, queries, words, tau] = methodGradients(sClip, {planGrad}, inputs);
      // a gradient is s times differences of near-equal rows: its rounding is relative to s, not to itself
      const tolerance = {relative: 1e-4, absolute: 2e-6 * scale};
      const compare = (gradient: typeof images, at: Matrix, change: (x: Matrix) => Partial<SClipInputs>) =>
        expectClose(
          gradient!,
          numericalGradient((x) => loss(change(x)), at),
          tolerance,
        );
      compare(images, inputs.images, (x) => ({images: x}));
      compare(texts, inputs.texts, (x) => ({texts: x}));
      compare(queries, inputs.queries, (x) => ({queries: x}));
      compare(words, inputs.words, (x) => ({words: x}));
      const byTau = numericalDerivative((x) => loss({scale: Math.exp(x)}), Math.log(scale));
      expectClose(tau!, byTau, tolerance);
    },
  );

  it('permuting the unpaired images changes no term', () => {
    const moved = {...inputs, queries: [3, 1, 4, 0, 2].map((a) => inputs.queries[a]!)};
    expectClose(
      Object.values(methodValue(sClip, {}, moved).terms),
      Object.values(methodValue(sClip, {}, inputs).terms),
    );
  });

  it('permuting the pairs changes no term', () => {
    const order = [5, 2, 0, 4, 1, 3];
    const permuted = (rows: Matrix) => order.map((i) => rows[i]!);
    const {images, texts, labels} = inputs;
    const moved = {...inputs, images: permuted(images), texts: permuted(texts), labels: permuted(labels)};
    expectClose(
      Object.values(methodValue(sClip, {}, moved).terms),
      Object.values(methodValue(sClip, {}, inputs).terms),
    );
  });

  it('loss and gradients are finite when rows repeat', () => {
    const [image] = inputs.images;
    const repeated = (rows: Matrix) => rows.map(() => image!);
    const {images, texts, queries, words} = inputs;
    const equal = {
      ...inputs,
      images: repeated(images),
      texts: repeated(texts),
      queries: repeated(queries),
      words: repeated(words),
    };
    for (const params of [{planGrad: 'through'}, {keywordTarget: 'ratio'}, {transport: 'hard'}]) {
      expect(Number.isFinite(methodValue(sClip, params, equal).loss)).toBe(true);
      const gradients = methodGradients(sClip, params, equal).map((gradient) => [gradient].flat(2));
      expect(gradients.flat().every((value) => Number.isFinite(value))).toBe(true);
    }
  });

  it('loss and gradients are finite when features are zero', () => {
    const zero = {...inputs, queries: inputs.queries.map((row) => row.map(() => 0))};
    expect(Number.isFinite(methodValue(sClip, {}, zero).loss)).toBe(true);
    const gradients = methodGradients(sClip, {planGrad: 'through'}, zero).map((gradient) =>
      [gradient].flat(2),
    );
    expect(gradients.flat().every((value) => Number.isFinite(value))).toBe(true);
  });

  it('without unpaired images loss and gradients have the bits of clip', () => {
    const parts = {unpaired: false};
    const {loss, terms, calls} = methodValue(sClip, {}, inputs, parts);
    const plain = methodValue(clip, {}, inputs);
    expect({loss, terms}).toEqual({loss: plain.loss, terms: plain.terms});
    expect(calls).toEqual(['paired.images', 'paired.ids']);
    expect(methodGradients(sClip, {}, inputs, parts)).toEqual(methodGradients(clip, {}, inputs));
  });

  it('without unpaired negatives the contrastive term has the bits of clip', () => {
    const {terms} = methodValue(sClip, {unpairedNegatives: 'off'}, inputs);
    expect(terms['contrastive']).toBe(methodValue(clip, {}, inputs).terms['contrastive']);
    expect(terms['contrastive']).toBeLessThan(methodValue(sClip, {}, inputs).terms['contrastive']!);
  });

  it('a keyword term at weight 0 leaves the bits of a run without keywords', () => {
    const off = methodValue(sClip, {keywordWeight: 0}, inputs);
    const absent = methodValue(sClip, {}, inputs, {keywords: false});
    expect(off).toEqual(absent);
    expect(off.calls).toEqual(everything.slice(0, 3));
    expect(methodGradients(sClip, {keywordWeight: 0}, inputs)).toEqual(
      methodGradients(sClip, {}, inputs, {keywords: false}),
    );
  });
});

const inputs = randomFeatures(counts, 20, 52);

it('weights multiply the terms, and the terms are logged unweighted', () => {
  const plain = methodValue(sClip, {}, inputs).terms;
  const {loss, terms} = methodValue(sClip, {captionWeight: 0.25, keywordWeight: 3}, inputs);
  expect(terms).toEqual(plain);
  expectClose(loss, plain['contrastive']! + 0.25 * plain['caption']! + 3 * plain['keyword']!);
});

it('all auxiliary terms at weight 0 and no unpaired negatives: unpaired images are never encoded', () => {
  const params = {captionWeight: 0, keywordWeight: 0, unpairedNegatives: 'off'};
  const {loss, calls} = methodValue(sClip, params, inputs);
  expect(calls).toEqual(['paired.images', 'paired.ids']);
  expect(loss).toBe(methodValue(clip, {}, inputs).loss);
});

it('keywords that no caption holds cost 0 and move nothing', () => {
  const none = {...inputs, labels: inputs.labels.map((row) => row.map(() => 0))};
  expect(methodValue(sClip, {}, none).terms['keyword']).toBe(0);
  expect([methodGradients(sClip, {}, none)[3]!].flat(2).every((value) => value === 0)).toBe(true);
});

it('transport and softmax are not the same thing', () => {
  const {terms: transported} = methodValue(sClip, {}, inputs);
  const {terms: soft} = methodValue(sClip, {transport: 'soft'}, inputs);
  expect(Math.abs(transported['caption']! - soft['caption']!)).toBeGreaterThan(0.01);
});

it('refuses a regularisation that is no number with a sentence of its own', () => {
  const {error} = sClip.params.safeParse({transportReg: 'often'});
  expect(error?.issues[0]?.message).toBe('expected auto or a number > 0, got "often"');
});

it.each([
  {transport: 'sinkhorn'},
  {transportIters: 0},
  {transportIters: 2.5},
  {transportReg: 0},
  {captionWeight: -1},
  {keywordWeight: Infinity},
  {unpairedNegatives: true},
  {iters: 3},
])('refuses %j', (params) => {
  expect(sClip.params.safeParse(params).success).toBe(false);
});
