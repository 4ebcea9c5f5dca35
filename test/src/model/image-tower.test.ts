import {beforeAll, describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import {startEngine} from '../../../src/engine/backend.js';
import {toTensor, toTensors} from '../../../src/engine/host-array.js';
import {imageTokens, imageTower} from '../../../src/model/image-tower.js';
import {BugError} from '../../../src/support/errors.js';
import {formulaImages, formulaModel} from '../../support/formula-weights.js';
import {tinyResNet, tinyVit} from '../../support/tiny-clip.js';

const n = 3;

function open(config: typeof tinyVit | typeof tinyResNet) {
  const {weights, state} = formulaModel(config);
  return {
    context: {weights: toTensors(weights), state: toTensors(state), training: false},
    images: toTensor(formulaImages(n, config.vision.imageSize)) as Tensor4D,
  };
}

describe('imageTower and imageTokens', () => {
  beforeAll(() => startEngine('tensorflow'));

  it("a transformer's feature is its class token, projected", () => {
    const {context, images} = open(tinyVit);
    const {tokens, state} = imageTokens(tinyVit, context, images);
    expect(tokens.shape).toEqual([n, 5, 4]);
    expect(state).toEqual({});
    const first = tf.reshape<tf.Rank.R2>(tf.slice(tokens, [0, 0, 0], [n, 1, 4]), [n, 4]);
    const projected = tf.matMul(first, context.weights['visual.proj'] as Tensor2D).dataSync();
    const features = imageTower(tinyVit, context, images).features.dataSync();
    features.forEach((value, i) => expect(value).toBeCloseTo(projected[i]!, 5));
  });

  it("a ResNet's tokens are the pixels of its last map", () => {
    const {context, images} = open(tinyResNet);
    const {tokens} = imageTokens(tinyResNet, context, images);
    expect(tokens.shape).toEqual([n, 1, 64]);
    expect(imageTower(tinyResNet, context, images).features.shape).toEqual([n, 3]);
  });

  it.each([tinyVit, tinyResNet])(
    'each image is embedded by itself in evaluation mode: $vision.kind',
    (config) => {
      const {context, images} = open(config);
      const all = imageTower(config, context, images).features.arraySync();
      const last = tf.slice4d(images, [n - 1, 0, 0, 0], [1, -1, -1, -1]);
      const alone = imageTower(config, context, last).features.arraySync();
      alone[0]!.forEach((value, i) => expect(value).toBeCloseTo(all[n - 1]![i]!, 5));
    },
  );

  it('refuses images of another size', () => {
    const {context} = open(tinyVit);
    const wrong = tf.zeros<tf.Rank.R4>([1, 6, 4, 3]);
    expect(() => imageTower(tinyVit, context, wrong)).toThrow(BugError);
    expect(() => imageTokens(tinyVit, context, wrong)).toThrow(
      'imageTower: expected images [n, 4, 4, 3], got [1, 6, 4, 3]',
    );
  });
});
