import {describe, expect, it} from 'vitest';
import {canonicalJson, planHash, planSchema, smokePlan, type Plan} from '../../../src/recipe/plan.js';

const plan: Plan = planSchema.parse({
  version: 1,
  domain: null,
  model: {reference: './clip', folder: '/models/clip', fingerprint: 'm'},
  captioned: {path: '/data/a', split: null, rows: 10, fingerprint: 'a'},
  labelRatio: null,
  unpaired: {path: '/data/b', split: null, rows: 20, fingerprint: 'b'},
  counts: {captioned: 10, unpaired: 20},
  keywords: {source: 'file', list: ['river']},
  method: {name: 's-clip', params: {transport: 'ot'}},
  train: {
    steps: 100,
    batch: 8,
    unpairedBatch: 8,
    microBatch: null,
    learningRate: 1e-5,
    warmupSteps: 10,
    beta1: 0.9,
    beta2: 0.98,
    epsilon: 1e-6,
    weightDecay: 0.2,
    clipNorm: null,
    frozen: 'none',
  },
  seed: 0,
  engine: 'cpu',
  precision: 'fp32',
  capture: false,
  evaluate: [{path: '/data/c', split: 'val', limit: null}],
  checkpointEvery: 50,
  imageCacheMiB: null,
});

describe('planHash', () => {
  it('is the same for the same content elsewhere, measured otherwise, saved more often and cached otherwise', () => {
    const moved: Plan = {
      ...plan,
      model: {...plan.model, reference: 'other', folder: '/elsewhere'},
      captioned: {...plan.captioned, path: '/moved/a'},
      keywords: {...plan.keywords, source: 'domain x', oracle: true},
      evaluate: [],
      checkpointEvery: 1,
      imageCacheMiB: 0,
    };
    expect(planHash(moved)).toBe(planHash(plan));
  });

  it.each([
    ['model', {model: {...plan.model, fingerprint: 'x'}}],
    ['captioned', {captioned: {...plan.captioned, fingerprint: 'x'}}],
    ['unpaired', {unpaired: null}],
    ['keywords', {keywords: {...plan.keywords, list: []}}],
    ['the matching of keywords', {keywords: {...plan.keywords, matching: 'words' as const}}],
    ['method', {method: {...plan.method, params: {transport: 'soft'}}}],
    ['augmentation', {augmentation: {crop: [0.9, 1] as [number, number], mirror: true}}],
    ['the order of uncaptioned images', {unpairedOrder: 'matched' as const}],
    ['train', {train: {...plan.train, learningRate: 2e-5}}],
    ['seed', {seed: 1}],
    ['engine', {engine: 'wasm' as const}],
    ['precision', {precision: 'bf16' as const}],
    ['capture', {capture: true}],
    ['labelRatio', {labelRatio: 0.5}],
  ])('changes with %s', (_key, change) => {
    expect(planHash({...plan, ...change})).not.toBe(planHash(plan));
  });

  it('stays that of a plan from before keywords, images and their order had rules, where these are the published ones', () => {
    const {augmentation: _, unpairedOrder: _order, ...earlier} = plan;
    const {source, list} = plan.keywords;
    expect(planHash(planSchema.parse({...earlier, keywords: {source, list}}))).toBe(planHash(plan));
    expect(plan.augmentation).toEqual({crop: [0.9, 1], mirror: false});
    expect(plan.unpairedOrder).toBe('shuffled');
  });

  it('does not depend on the order of keys', () => {
    expect(canonicalJson({b: 1, a: {d: [2, 1], c: null}})).toBe('{"a":{"c":null,"d":[2,1]},"b":1}');
  });
});

describe('smokePlan', () => {
  it('is tiny and does not touch the plan it came from', () => {
    const before = structuredClone(plan);
    const {train, evaluate, checkpointEvery} = smokePlan(plan);
    expect(train).toMatchObject({steps: 2, batch: 4, unpairedBatch: 4, warmupSteps: 1});
    expect(evaluate[0]!.limit).toBe(16);
    expect(checkpointEvery).toBe(1);
    expect(plan).toEqual(before);
  });
});
