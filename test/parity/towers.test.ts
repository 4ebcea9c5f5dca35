import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor2D, Tensor4D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../src/engine/backend.js';
import {toTensor, toTensors} from '../../src/engine/host-array.js';
import type {HostArray, HostArrays, Tensors} from '../../src/engine/step.js';
import {architecture} from '../../src/model/architectures.js';
import {loadClip} from '../../src/model/checkpoint.js';
import type {ClipConfig} from '../../src/model/clip-config.js';
import {imageTower} from '../../src/model/image-tower.js';
import {textTower} from '../../src/model/text-tower.js';
import {inTemporaryFolder, readTensors, runParityScript} from '../support/parity-python.js';

/** OpenAI's sizes with OpenAI's activation, and both activations for one of each family. */
const names = [
  'ViT-B-32-quickgelu',
  'ViT-B-16-quickgelu',
  'ViT-L-14-quickgelu',
  'ViT-L-14-336-quickgelu',
  'RN50-quickgelu',
  'RN101-quickgelu',
  'RN50x4-quickgelu',
  'RN50x16-quickgelu',
  'RN50x64-quickgelu',
  'ViT-B-32',
  'RN50',
  'ViT-H-14',
];

describe('features of random weights at full size are those of open_clip and transformers', () => {
  beforeAll(() => startEngine('tensorflow'));

  it.each(names)('%s', async (name) => {
    await inTemporaryFolder(async (folder) => {
      const withHf = name === 'ViT-B-32-quickgelu';
      runParityScript('features.py', name, folder, ...(withHf ? ['hf'] : []));
      const answer = await readTensors(join(folder, 'answer.safetensors'));
      const model = await loadClip(folder);
      expect(architecturePart(model.config)).toEqual(architecturePart(architecture(name)));
      compareFolder(model, answer);
      if (withHf) compareFolder(await loadClip(join(folder, 'hf')), answer);
    });
  });
});

/** What decides the numbers. */
function architecturePart({embedDim, activation, vision, text}: ClipConfig): Partial<ClipConfig> {
  return {embedDim, activation, vision, text};
}

function compareFolder(model: Awaited<ReturnType<typeof loadClip>>, answer: HostArrays): void {
  const weights = toTensors(model.weights);
  const state = toTensors(model.state);
  tf.tidy(() => {
    const images = toTensor(answer['images']!) as Tensor4D;
    const tokens = {ids: toTensor(answer['ids']!) as Tensor2D, end: toTensor(answer['end']!) as Tensor1D};
    const image = imageTower(model.config, {weights, state, training: false}, images).features;
    const text = textTower(model.config, weights, tokens);
    for (const [side, features] of Object.entries({image, text})) {
      expectRows(side, features, answer[side]!);
      if (model.config.vision.kind === 'vit') expectRows(side, features, answer[`hf_${side}`]!);
    }
    if (model.config.vision.kind === 'resnet')
      compareTraining(model.config, {weights, state}, images, answer);
  });
  tf.dispose([weights, state]);
}

/** One forward pass in training mode: features by batch statistics, and the next running ones. */
function compareTraining(
  config: ClipConfig,
  {weights, state}: {readonly weights: Tensors; readonly state: Tensors},
  images: Tensor4D,
  answer: HostArrays,
): void {
  const trained = imageTower(config, {weights, state, training: true}, images);
  expectRows('train_image', trained.features, answer['train_image']!);
  expect(Object.keys(trained.state).length).toBe(Object.keys(state).length);
  for (const [name, value] of Object.entries(trained.state)) {
    const expected = answer[`train.${name}`]!;
    expectRows(name, tf.reshape(value, [1, -1]), {shape: [1, expected.data.length], data: expected.data});
  }
}

/** Every row within 1e-4 of the length of the expected one. */
function expectRows(what: string, actual: tf.Tensor, {shape, data}: HostArray): void {
  expect(actual.shape).toEqual(shape);
  const [n, d] = shape as [number, number];
  const values = actual.dataSync();
  const errors = Array.from({length: n}, (_, i) => {
    const row = data.subarray(i * d, (i + 1) * d);
    return Math.hypot(...row.map((value, j) => value - values[i * d + j]!)) / Math.hypot(...row);
  });
  expect(Math.max(...errors), what).toBeLessThan(1e-4);
}
