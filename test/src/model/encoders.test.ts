import {beforeAll, describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor4D} from '@tensorflow/tfjs-core';
import {startEngine} from '../../../src/engine/backend.js';
import {toTensor, toTensors} from '../../../src/engine/host-array.js';
import type {Tensors} from '../../../src/engine/step.js';
import {createEncoders} from '../../../src/model/encoders.js';
import {imageTower} from '../../../src/model/image-tower.js';
import {BugError} from '../../../src/support/errors.js';
import {expectClose} from '../../support/expect-close.js';
import {formulaImages, formulaModel} from '../../support/formula-weights.js';
import {tinyResNet, tinyVit} from '../../support/tiny-clip.js';

function open(config: typeof tinyVit | typeof tinyResNet): {
  weights: Tensors;
  state: Tensors;
  images: Tensor4D;
} {
  const {weights, state} = formulaModel(config);
  return {
    weights: toTensors(weights),
    state: toTensors(state),
    images: toTensor(formulaImages(4, config.vision.imageSize)) as Tensor4D,
  };
}

const statistic = 'visual.layer2.0.bn2.running_var';

describe('createEncoders', () => {
  beforeAll(() => startEngine('tensorflow'));

  it('gives rows of unit length and the scale e^tau', () => {
    const {weights, state, images} = open(tinyVit);
    const encode = createEncoders(tinyVit, weights, state, {training: false});
    const ids = tf.tensor2d([[9, 2, 10, 0, 0]], [1, 5], 'int32');
    const texts = encode.texts({ids, end: tf.tensor1d([2], 'int32')});
    for (const rows of [encode.images(images), texts]) {
      for (const row of rows.arraySync()) expect(Math.hypot(...row)).toBeCloseTo(1, 5);
    }
    expect(encode.scale.dataSync()[0]).toBeCloseTo(Math.exp(2), 4);
    expect(encode.nextState()).toEqual({});
  });

  it('reads words that are embeddings already as it reads their ids', () => {
    const {weights, state} = open(tinyVit);
    const encode = createEncoders(tinyVit, weights, state, {training: false});
    const ids = tf.tensor2d(
      [
        [9, 2, 3, 10, 0],
        [9, 4, 10, 0, 0],
      ],
      [2, 5],
      'int32',
    );
    const end = tf.tensor1d([3, 2], 'int32');
    const words = encode.words(ids);
    expect(words.shape).toEqual([2, 5, tinyVit.text.width]);
    expect(encode.wordRows({words, end}).dataSync()).toEqual(encode.texts({ids, end}).dataSync());
    expect(encode.wordRowTokens({words, end}).dataSync()).toEqual(encode.textTokens({ids, end}).dataSync());
  });

  it('lets gradients reach words that are learned', () => {
    const {weights, state} = open(tinyVit);
    const ids = tf.tensor2d([[9, 2, 3, 10, 0]], [1, 5], 'int32');
    const end = tf.tensor1d([3], 'int32');
    const learned = tf.ones<tf.Rank.R3>([1, 2, tinyVit.text.width]);
    const gradient = tf.grad((given) => {
      const middle = given as tf.Tensor3D;
      const encode = createEncoders(tinyVit, weights, state, {training: true, microBatch: 1});
      const words = encode.words(ids);
      const width = tinyVit.text.width;
      const [head, tail] = [
        tf.slice(words, [0, 0, 0], [1, 1, width]),
        tf.slice(words, [0, 3, 0], [1, 2, width]),
      ];
      return tf.sum(tf.square(tf.sub(encode.wordRows({words: tf.concat([head, middle, tail], 1), end}), 1)));
    })(learned);
    expect(Math.hypot(...gradient.dataSync())).toBeGreaterThan(0);
  });

  it('makes noisy tokens of all images in micro-batches as of all at once, with the gradient of the mask', () => {
    const {weights, state, images} = open(tinyVit);
    const {layers, width} = tinyVit.vision;
    const paths = tf.tensor2d(
      Array.from({length: 4 * 2 * layers}, (_, i) => (i % 3) / 2),
      [4, 2 * layers],
    );
    const places = tf.tensor2d(
      Array.from({length: 4 * 4}, (_, i) => Number(i % 3 === 0)),
      [4, 4],
    );
    const mask = tf.variable<tf.Rank.R1>(tf.linspace(-1, 1, width));
    const [whole, parts] = [undefined, 3].map((microBatch) => {
      const encode = createEncoders(tinyVit, weights, state, {training: true, microBatch});
      const noise = {paths, masked: {places, embedding: mask}};
      const clean = encode.imageTokens(images);
      const {value, grads} = tf.variableGrads(
        () => tf.sum<tf.Scalar>(tf.square(tf.sub(encode.imageTokens(images, noise), 1))),
        [mask],
      );
      expect(encode.imageTokens(images)).toBe(clean);
      return [value.arraySync(), ...grads[mask.name]!.dataSync()];
    });
    expectClose(parts!, whole!);
    expect(Math.hypot(...whole!.slice(1))).toBeGreaterThan(0.01);
    mask.dispose();
  });

  it('refuses noise for a ResNet', () => {
    const {weights, state, images} = open(tinyResNet);
    const encode = createEncoders(tinyResNet, weights, state, {training: true});
    expect(() => encode.imageTokens(images, {})).toThrow(
      new BugError('imageTokens: expected a vision transformer for noise, got a ResNet'),
    );
  });

  it('gives each call its own batch statistics: a call does not change what another one returns', () => {
    const {weights, state, images} = open(tinyResNet);
    const [first, second] = tf.split(images, 2) as [Tensor4D, Tensor4D];
    const alone = createEncoders(tinyResNet, weights, state, {training: true});
    const after = createEncoders(tinyResNet, weights, state, {training: true});
    after.images(first);
    expect(after.images(second).dataSync()).toEqual(alone.images(second).dataSync());
  });

  it('moves the running statistics on from call to call', () => {
    const {weights, state, images} = open(tinyResNet);
    const [first, second] = tf.split(images, 2) as [Tensor4D, Tensor4D];
    const encode = createEncoders(tinyResNet, weights, state, {training: true});
    encode.images(first);
    encode.images(second);
    const once = imageTower(tinyResNet, {weights, state, training: true}, first).state;
    const twice = imageTower(tinyResNet, {weights, state: once, training: true}, second).state;
    expect(encode.nextState()[statistic]!.dataSync()).toEqual(twice[statistic]!.dataSync());
    expect(twice[statistic]!.dataSync()).not.toEqual(once[statistic]!.dataSync());
    expect(Object.keys(encode.nextState()).sort()).toEqual(Object.keys(state).sort());
  });

  it('reads the running statistics in evaluation mode and leaves them', () => {
    const {weights, state, images} = open(tinyResNet);
    const encode = createEncoders(tinyResNet, weights, state, {training: false});
    const features = encode.images(images).dataSync();
    expect(encode.nextState()).toEqual({});
    const shifted = {...state, [statistic]: tf.mul(state[statistic]!, 4)};
    const other = createEncoders(tinyResNet, weights, shifted, {training: false});
    expect(other.images(images).dataSync()).not.toEqual(features);
  });
});
