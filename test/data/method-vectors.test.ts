import * as tf from '@tensorflow/tfjs-core';
import {afterEach, beforeAll, beforeEach, describe, expect, it} from 'vitest';
import {startEngine} from '../../src/engine/backend.js';
import {adaptationCases} from '../support/method-cases-adaptation.js';
import {pairCases} from '../support/method-cases-pairs.js';
import {softClipCases} from '../support/method-cases-softclip.js';
import {tokenCases} from '../support/method-cases-tokens.js';
import {readMethodVectors, runMethodCase} from '../support/method-vectors.js';

const vectors = readMethodVectors();
const cases = {...pairCases, ...softClipCases, ...tokenCases, ...adaptationCases};

/** Cases of methods that there are not, and what they are of. */
const leftOut = {
  mae_masked_patch_loss:
    'masked autoencoders predict pixels; feature distillation predicts tokens of its teacher',
  capture_clr: 'CAPTURE, a fusion model',
  unimo_multi_positive: 'UNIMO, a fusion model',
  wra_ipot: 'UNITER and ViLT, fusion models',
  albef_itc: 'ALBEF, a fusion model: its queues and its temperature that is a parameter',
  albef_hard_negatives: 'ALBEF, a fusion model: negatives for image-text matching',
  itm_loss: 'ALBEF, a fusion model: image-text matching',
  albef_mlm_distillation: 'ALBEF, a fusion model: masked words seen together with an image',
  coca_caption_loss: 'CoCa, a fusion model: captioning',
};

it('every case is tested, or left out for a reason; there are 62', () => {
  expect([...Object.keys(cases), ...Object.keys(leftOut)].sort()).toEqual([...vectors.keys()].sort());
  expect(vectors.size).toBe(62);
});

describe.each(['tensorflow', 'wasm'] as const)('on %s in float32', (engine) => {
  beforeAll(async () => {
    await startEngine(engine);
  });
  beforeEach(() => tf.engine().startScope());
  afterEach(() => tf.engine().endScope());

  it.each(Object.entries(cases))('%s', (id, test) => runMethodCase(vectors.get(id)!, test));
});
