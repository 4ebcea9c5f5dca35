import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {calibrate} from '../../../src/app/training/calibrate.js';
import {startEngine} from '../../../src/engine/backend.js';
import {toTensors} from '../../../src/engine/host-array.js';
import clip from '../../../src/methods/clip.js';
import {requestedDraws, requestedPhrases} from '../../../src/methods/contract/own-inputs.js';
import {extraWeights, partOf, scheduled} from '../../../src/methods/contract/parts.js';
import semiclip from '../../../src/methods/semiclip.js';
import {architecture} from '../../../src/model/architectures.js';
import {createEncoders} from '../../../src/model/encoders.js';
import {randomModel} from '../../../src/model/random-model.js';
import {contrastiveLoss, softCrossEntropy} from '../../reference/contrastive.js';
import {dotProducts, scaled, type Matrix} from '../../reference/matrix.js';
import {clipBatch} from '../../support/engine-clip.js';
import {expectClose} from '../../support/expect-close.js';
import {
  expectFinite,
  expectLikeOracle,
  expectZero,
  lossAt,
  one,
  scaleFrom,
} from '../../support/loss-oracle.js';
import {totalOnOutputs} from '../../support/method-on-outputs.js';
import {compileOnRandom, flatNumbers, heldBy, runStep, trainOnRandom} from '../../support/method-training.js';
import {randomFeatures} from '../../support/random-features.js';
import {inScope, tensor} from '../../support/tape.js';
import {tinyResNet, tinyVit} from '../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

const scale = 1 / 0.07;
const [b, u, k] = [4, 7, 6];
const {images, texts, queries, words, labels} = randomFeatures({pairs: b, unpaired: u, words: k}, scale, 901);
const {queries: strong, words: made} = randomFeatures({pairs: b, unpaired: u, words: u}, scale, 902);
const inputs = {
  ...{images, texts, queries, strong, made},
  // longer and shorter than 1
  concepts: words.map((row, i) => row.map((value) => value * (0.5 + i / 4))),
  conceptTau: one(Math.log(5)),
  tau: one(Math.log(scale)),
};
type Inputs = Record<keyof typeof inputs, Matrix>;
const names = ['conceptWeight', 'pseudoWeight', 'inModalWeight', 'crossModalWeight'] as const;

interface Given {
  readonly params?: Record<string, unknown>;
  readonly weights?: readonly number[];
  readonly unpaired?: number;
  readonly known?: boolean;
}

function totalOf(of: Record<keyof Inputs, Tensor2D>, given: Given = {}) {
  const {params = {}, weights = [1, 1, 1, 1], unpaired = u, known = true} = given;
  return totalOnOutputs(semiclip, params, {
    trained: {
      ...{images: of.images, texts: of.texts, queries: of.queries, made: of.strong, wordRows: of.made},
      scale: scaleFrom(of.tau),
    },
    extras: {
      concepts: of.concepts,
      concept_logit_scale: tf.reshape(of.conceptTau, []),
      learned: tf.zeros([48, tinyVit.text.width]),
    },
    scalars: Object.fromEntries(names.map((name, i) => [name, tf.scalar(weights[i]!)])),
    draws: {strong: tf.zeros([u, 5])},
    ...(known && {labels: tensor(labels)}),
    ...{end: [1, 1, 1, 1], unpaired},
  });
}

/** Indices of the highest scores, in descending order. */
const highest = (scores: readonly number[], count: number) =>
  scores
    .map((_, i) => i)
    .sort((first, second) => scores[second]! - scores[first]!)
    .slice(0, count);

const sharedAmong = (row: readonly number[]) => {
  const total = row.reduce((sum, value) => sum + value, 0);
  return row.map((value) => (total === 0 ? 0 : value / total));
};

/** The terms in float64, what comes of scores held at those of `inputs`. */
function oracle(of: Inputs, {top = 3, keepShare = 0.3} = {}) {
  const c = Math.exp(of.conceptTau[0]![0]!);
  const logits = (rows: Matrix) => scaled(dotProducts(rows, of.concepts), c);
  const pseudo = dotProducts(inputs.queries, inputs.concepts).map((row) => {
    const best = highest(row, top);
    return row.map((_, j) => (best.includes(j) ? 1 / top : 0));
  });
  const fit = inputs.queries.map((row, i) =>
    row.reduce((sum, value, j) => sum + value * inputs.made[i]![j]!, 0),
  );
  const kept = highest(fit, Math.max(1, Math.floor(keepShare * u + 1e-9)));
  const x = [...of.images, ...kept.map((i) => of.queries[i]!)];
  const y = [...of.texts, ...kept.map((i) => of.made[i]!)];
  const spread = (first: Matrix, second: Matrix) => {
    const squares = first.flatMap((row, i) => row.map((value, j) => (value - second[i]![j]!) ** 2));
    return (b / squares.length) * squares.reduce((sum, value) => sum + value, 0);
  };
  const across = dotProducts(x, y);
  return {
    contrastive: contrastiveLoss(of.images, of.texts, Math.exp(of.tau[0]![0]!)),
    concept: softCrossEntropy(logits(of.images), labels.map(sharedAmong)),
    pseudo: softCrossEntropy(logits(of.strong), pseudo),
    inModal: spread(dotProducts(x, x), dotProducts(y, y)),
    crossModal: spread(
      across,
      across.map((row, i) => row.map((_, j) => across[j]![i]!)),
    ),
  };
}

function termsAt(given: Given = {}, changes: Partial<Inputs> = {}): Record<string, number> {
  return inScope(() => {
    const taped = Object.entries({...inputs, ...changes}).map(([name, rows]) => [name, tensor(rows)]);
    const {terms} = totalOf(Object.fromEntries(taped) as Record<keyof Inputs, Tensor2D>, given);
    return Object.fromEntries(Object.entries(terms).map(([name, value]) => [name, value.arraySync()]));
  });
}

describe('semiclip', () => {
  it.each([
    ['the defaults', {}, {}],
    ['one concept', {pseudoConcepts: 1}, {top: 1}],
    ['all images', {keepShare: 1}, {keepShare: 1}],
    ['one image at least', {keepShare: 0.01}, {keepShare: 0.01}],
    ['more concepts than there are', {pseudoConcepts: 50, captionConcepts: 16}, {top: k}],
  ] as const)('terms agree with float64 loops: %s', (_, params, options) => {
    const terms = termsAt({params});
    const expected = oracle(inputs, options);
    expect(Object.keys(terms)).toEqual(Object.keys(expected));
    expectClose(Object.values(terms), Object.values(expected));
  });

  it('value and gradients agree with float64 differences in each stage', () => {
    for (const weights of [
      [0.7, 0, 0, 0],
      [0, 0.5, 2, 0.25],
    ]) {
      expectLikeOracle({
        inputs,
        loss: (of) => totalOf(of, {weights}).loss,
        oracle: (of) => {
          const {contrastive, ...rest} = oracle(of);
          return Object.values(rest).reduce((sum, term, i) => sum + weights[i]! * term, contrastive);
        },
        tolerance: {relative: 1e-4, absolute: 2e-5},
      });
    }
  });

  it('what the weak view says is a target: of its concepts it has no gradient', () => {
    const {gradients} = lossAt(inputs, (of) => totalOf(of, {weights: [0, 1, 0, 0]}).loss);
    expectZero(gradients.queries);
    expect(Math.hypot(...gradients.strong.flat())).toBeGreaterThan(1e-3);
    expect(Math.hypot(...gradients.concepts.flat())).toBeGreaterThan(1e-3);
  });

  it('images that are not kept have no gradient, nor their captions; floor(0.3 u) are kept', () => {
    const {gradients} = lossAt(inputs, (of) => totalOf(of, {weights: [0, 0, 1, 1]}).loss);
    for (const rows of [gradients.queries, gradients.made]) {
      expect(rows.filter((row) => Math.hypot(...row) > 0)).toHaveLength(2);
    }
  });

  it('a caption without a concept costs nothing and still counts', () => {
    const none = labels.map((row) => row.every((value) => value === 0));
    expect(none).toContain(true);
    expect(Number.isFinite(termsAt()['concept'])).toBe(true);
  });

  it('without uncaptioned images it learns concepts, without keywords it is clip', () => {
    expect(Object.keys(termsAt({unpaired: 0}))).toEqual(['contrastive', 'concept']);
    expect(Object.keys(termsAt({known: false}))).toEqual(['contrastive']);
    const run = (part: ReturnType<typeof partOf>) =>
      trainOnRandom([part], tinyVit, {
        steps: 2,
        mode: {capture: false},
        changes: {sizes: {captioned: 10, keywords: 0}},
      });
    expect(run(partOf(semiclip))).toEqual(run(partOf(clip)));
  });

  it('weights at 0 leave the loss of clip, to the bit', () => {
    const params = Object.fromEntries(names.map((name) => [name, 0]));
    for (const config of [tinyVit, tinyResNet]) {
      const run = (part: ReturnType<typeof partOf>) =>
        trainOnRandom([part], config, {steps: 2, mode: {capture: false}});
      const [silent, plain] = [run(partOf(semiclip, params)), run(partOf(clip))];
      expect(silent.numbers).toEqual(plain.numbers);
      // running statistics too: uncaptioned images are never seen
      expect(silent.held).toMatchObject(plain.held);
    }
  });

  it('loss and gradients are finite where rows repeat and where they are zero', () => {
    for (const entry of [0, 0.5]) {
      const flat = (rows: Matrix) => rows.map((row) => row.map(() => entry));
      const all = Object.entries(inputs).map(([name, rows]) => [
        name,
        /[tT]au/.test(name) ? rows : flat(rows),
      ]);
      expectFinite(lossAt(Object.fromEntries(all) as Inputs, (of) => totalOf(of).loss));
    }
  });
});

describe('its stages', () => {
  it('are told by the schedule: concepts of captions first, then the rest', () => {
    const at = (step: number, params = {}) => {
      const numbers = scheduled([partOf(semiclip, params)], {step, steps: 40});
      return names.map((name) => numbers[`semiclip/${name}`]);
    };
    expect(at(0)).toEqual([1, 0, 0, 0]);
    expect(at(24)).toEqual([1, 0, 0, 0]);
    expect(at(25)).toEqual([0, 1, 1, 1]);
    expect(at(39, {pseudoWeight: 0.5, inModalWeight: 2})).toEqual([0, 0.5, 2, 1]);
    expect(at(0, {stageShare: 0})).toEqual([0, 1, 1, 1]);
    expect(at(39, {stageShare: 1, conceptWeight: 3})).toEqual([3, 0, 0, 0]);
  });

  it('that a run does not have are not computed', () => {
    expect(Object.keys(termsAt({params: {stageShare: 1}}))).toEqual(['contrastive', 'concept']);
    expect(Object.keys(termsAt({params: {stageShare: 0}}))).toEqual([
      'contrastive',
      'pseudo',
      'inModal',
      'crossModal',
    ]);
  });

  it('follow each other in a run that was interrupted between them, as in one that was not', () => {
    const parts = [partOf(semiclip)];
    // of 12 steps the first 8 are the first stage
    const steps = (
      from: number,
      to: number,
      compiled = compileOnRandom(parts, tinyVit, {}, {capture: false}),
    ) => {
      for (let step = from; step < to; step++) runStep(compiled, {parts, config: tinyVit}, step);
      const held = heldBy(compiled);
      return {compiled, held};
    };
    const whole = steps(6, 10);
    const half = steps(6, 8);
    const resumed = compileOnRandom(parts, tinyVit, {}, {capture: false});
    for (const [name, value] of Object.entries(half.held)) resumed.write(name, value);
    expect(steps(8, 10, resumed).held).toEqual(whole.held);
    [whole, half].forEach(({compiled}) => compiled.dispose());
    resumed.dispose();
  });

  it('are the same captured as step by step', () => {
    const lossesOf = (capture: boolean) => {
      const parts = [partOf(semiclip, {stageShare: 0.1})];
      return trainOnRandom(parts, tinyVit, {steps: 2, mode: {capture}}).numbers.map(flatNumbers);
    };
    expectClose(lossesOf(true), lossesOf(false), {relative: 1e-4, absolute: 1e-6});
  });
});

describe('what it learns', () => {
  it('are a concept for each keyword, a scale, and three words in front of each of four concepts', () => {
    const sizes = {captioned: 100, keywords: 211};
    const extras = extraWeights([partOf(semiclip)], architecture('ViT-B-16'), 1, sizes);
    expect(Object.fromEntries(Object.entries(extras).map(([name, {shape}]) => [name, shape]))).toEqual({
      'semiclip/concepts': [211, 512],
      'semiclip/concept_logit_scale': [],
      'semiclip/learned': [12, 512],
    });
    expect(extraWeights([partOf(semiclip)], tinyVit, 1, {captioned: 9, keywords: 0})).toEqual({});
  });

  it('starts at the keywords in their sentence, the scale of the model, and the words of the sentence', async () => {
    const parts = [partOf(semiclip)];
    expect(requestedPhrases(parts)).toEqual({'semiclip/phrase.concept': 'a photo includes {}.'});
    expect(requestedDraws(parts, tinyVit, {paired: 4, unpaired: 3})).toEqual({
      'semiclip/draw.strong': [3, 5],
    });
    const batch = clipBatch(tinyVit, parts, 0);
    const compiled = compileOnRandom(parts, tinyVit, {}, {capture: false});
    await calibrate(compiled, {parts, config: tinyVit}, () => Promise.resolve(batch));
    const held = heldBy(compiled);
    compiled.dispose();
    inScope(() => {
      const {weights} = randomModel(tinyVit, 3);
      const encode = createEncoders(tinyVit, toTensors(weights), {}, {training: false});
      const [ids, end] = ['ids', 'end'].map((part) => batch[`semiclip/phrase.concept.${part}`]!);
      const tokens = {
        ids: tf.tensor2d(ids!.data, ids!.shape as [number, number], 'int32'),
        end: tf.tensor1d(end!.data, 'int32'),
      };
      expectClose(held['weights/semiclip/concepts']!.data, [...encode.texts(tokens).dataSync()]);
      expect(held['weights/semiclip/concept_logit_scale']!.data[0]).toBe(weights['logit_scale']!.data[0]);
      const table = weights['token_embedding.weight']!;
      const width = table.shape[1]!;
      const said = [1, 2, 3].flatMap((at) => {
        const id = ids!.data[at]!;
        return [...table.data.slice(id * width, (id + 1) * width)];
      });
      expect([...held['weights/semiclip/learned']!.data]).toEqual([...said, ...said, ...said, ...said]);
    });
  });

  it.each([
    {stageShare: 1.1},
    {keepShare: 0},
    {pseudoConcepts: 0},
    {captionConcepts: 17},
    {learnedWords: 0},
    {strength: 1},
    {pseudoWeight: -1},
  ])('refuses %j', (params) => {
    expect(semiclip.params.safeParse(params).success).toBe(false);
  });
});
