import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {toHostArray, toTensor, toTensors} from '../../../src/engine/host-array.js';
import coop from '../../../src/methods/coop.js';
import {partOf, trainsWeight} from '../../../src/methods/contract/parts.js';
import {nothingOutside} from '../../../src/methods/contract/outside.js';
import {architecture} from '../../../src/model/architectures.js';
import {createEncoders} from '../../../src/model/encoders.js';
import {randomModel} from '../../../src/model/random-model.js';
import {clipBatch} from '../../support/engine-clip.js';
import {compileOnRandom, runStep} from '../../support/method-training.js';
import {tinyVit} from '../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

const params = {contextLength: 2};
const parts = [partOf(coop, params)];

describe('coop', () => {
  it('trains 16 words of the width of the text tower, 8,192 numbers of ViT-B/32, and nothing else', () => {
    const setting = {
      ...{config: architecture('ViT-B-32'), params: coop.params.parse({})},
      sizes: {captioned: 0, keywords: 0},
      outside: nothingOutside,
    };
    expect(coop.extras!(setting)['context']!.shape).toEqual([16, 512]);
    expect(trainsWeight(parts, 'visual.proj')).toBe(false);
    expect(trainsWeight(parts, 'logit_scale')).toBe(false);
  });

  it('learns: the loss falls by a fifth and more while the towers stay', () => {
    const compiled = compileOnRandom(parts, tinyVit, {weightDecay: 0, epsilon: 1e-8}, {capture: false});
    const step = {parts, config: tinyVit, batch: 0, rate: 3e-2};
    const losses = Array.from({length: 60}, (_, i) => runStep(compiled, step, i).loss);
    compiled.dispose();
    expect(losses.at(-1)).toBeLessThan(0.8 * losses[0]!);
  });

  it('leaves class weights that give the logits it was trained with', async () => {
    const compiled = compileOnRandom(parts, tinyVit, {}, {capture: false});
    const batch = clipBatch(tinyVit, parts, 0);
    const context = compiled.read('weights/coop/context');
    const {weights} = randomModel(tinyVit, 3);
    const encoders = () => createEncoders(tinyVit, toTensors(weights), {}, {training: false});
    const names = () => ({
      ids: toTensor(batch['classes.ids']!) as Tensor2D,
      end: toTensor(batch['classes.end']!) as Tensor1D,
    });
    const unasked = () => Promise.reject(new Error('expected coop to ask for the names alone'));
    const {head} = await coop.solve!({
      ...{config: tinyVit, params: coop.params.parse(params), seed: 0, weights, extras: {context}},
      ...{labels: [0, 1, 2], classes: 3, images: unasked, beforeProjection: unasked, prompts: unasked},
      ofNames: (compute) =>
        toHostArray(tf.tidy(() => compute(encoders(), names(), {context: toTensor(context)}))),
    });
    const {loss} = compiled.run(batch, {learningRate: 0, step: 1});
    compiled.dispose();
    const expected = tf.tidy(() => {
      const images = encoders().images(toTensor(batch['paired.images']!) as Tensor4D);
      const logits: Tensor2D = tf.matMul(images, toTensor(head!.weights), false, true);
      return tf.losses.softmaxCrossEntropy(toTensor(batch['classes.labels']!), logits).dataSync()[0]!;
    });
    expect(loss).toBeCloseTo(expected, 4);
  });

  it('refuses more words than the text tower takes, in one sentence', () => {
    const compiled = compileOnRandom(parts, tinyVit, {}, {capture: false});
    const {'paired.ids': ids, 'paired.end': end, ...rest} = clipBatch(tinyVit, parts, 0);
    const long = {...rest, 'paired.ids': ids!, 'paired.end': end!, 'classes.ids': ids!, 'classes.end': end!};
    expect(() => compiled.run(long, {learningRate: 0, step: 1})).toThrow(
      /^context-length: expected at most 0 learned words before texts of 5 tokens, got 2$/,
    );
    compiled.dispose();
  });
});
