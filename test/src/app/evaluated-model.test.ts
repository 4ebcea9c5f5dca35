import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {evaluatedModel} from '../../../src/app/evaluated-model.js';
import type {Plan} from '../../../src/recipe/plan.js';
import {temporaryFolder} from '../../support/temporary-folder.js';

const root = temporaryFolder();
const set = {path: 'pairs.tar', split: null, rows: 10, fingerprint: 'a'};

const plan: Plan = {
  version: 1,
  domain: null,
  model: {reference: 'ViT-B-32/openai', folder: 'somewhere', fingerprint: 'm'},
  captioned: set,
  labelRatio: null,
  unpaired: null,
  counts: {captioned: 10, unpaired: 0},
  keywords: {source: 'none', list: [], matching: 'words', oracle: false},
  classes: null,
  augmentation: {crop: [0.9, 1], mirror: false},
  unpairedOrder: 'shuffled',
  method: {name: 's-clip', params: {}},
  with: [],
  outside: [],
  train: {
    steps: 1,
    batch: 2,
    unpairedBatch: 0,
    microBatch: null,
    learningRate: 1e-5,
    warmupSteps: 0,
    beta1: 0.9,
    beta2: 0.98,
    epsilon: 1e-6,
    weightDecay: 0.2,
    clipNorm: null,
    frozen: 'none',
  },
  selection: {rule: 'last'},
  seed: 7,
  engine: 'cpu',
  precision: 'fp32',
  capture: false,
  evaluate: [],
  checkpointEvery: 50,
  evaluateEvery: null,
  imageCacheMiB: null,
};

describe('evaluatedModel', () => {
  it('tells method, base and seed of the run that made the weights', async () => {
    const model = join(root, 'run', 'model');
    mkdirSync(model, {recursive: true});
    writeFileSync(join(root, 'run', 'plan.json'), JSON.stringify(plan));
    expect(await evaluatedModel(model, model)).toEqual({
      model: 'ViT-B-32/openai',
      pretrained: model,
      method: 's-clip',
      trainingSeed: 7,
    });
  });

  it('takes a folder by its name', async () => {
    const folder = join(root, 'my-clip');
    expect(await evaluatedModel(folder, folder)).toEqual({
      model: 'my-clip',
      pretrained: folder,
      method: 'zero-shot',
    });
  });

  it('takes a known name as architecture and tag, as CLIP_benchmark writes them', async () => {
    expect(await evaluatedModel('ViT-B-32/openai', join(root, 'cache', 'snapshot'))).toEqual({
      model: 'ViT-B-32',
      pretrained: 'openai',
      method: 'zero-shot',
    });
  });

  it('takes a hub reference as it is', async () => {
    const reference = 'hf:timm/vit_base_patch32_clip_224.openai@main';
    expect(await evaluatedModel(reference, join(root, 'cache', 'snapshot'))).toEqual({
      model: 'timm/vit_base_patch32_clip_224.openai@main',
      pretrained: reference,
      method: 'zero-shot',
    });
  });
});
