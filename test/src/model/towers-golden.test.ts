import * as tf from '@tensorflow/tfjs-core';
import type {Tensor, Tensor4D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {toHostArray, toTensor, toTensors} from '../../../src/engine/host-array.js';
import type {Tensors} from '../../../src/engine/step.js';
import {createEncoders} from '../../../src/model/encoders.js';
import {imageTokens, imageTower} from '../../../src/model/image-tower.js';
import {textTokens, textTower} from '../../../src/model/text-tower.js';
import {formulaImages, formulaModel} from '../../support/formula-weights.js';
import {
  contrastive,
  goldenConfig,
  goldenTokens,
  readGoldenTowers,
  summarize,
  type Summaries,
  type Summary,
} from '../../support/golden-towers.js';

const golden = readGoldenTowers();
const engines = ['tensorflow', 'wasm', 'cpu'] as const;

describe.each(engines)('towers on %s', (engine) => {
  beforeAll(() => startEngine(engine));

  describe.each(Object.entries(golden.models))('%s against PyTorch in float64', (_, expected) => {
    const config = goldenConfig(expected);
    const model = formulaModel(config);
    const open = () => ({
      weights: toTensors(model.weights),
      state: toTensors(model.state),
      images: toTensor(formulaImages(golden.end.length, config.vision.imageSize)) as Tensor4D,
      tokens: goldenTokens(golden),
    });

    it('has its image and text features in evaluation mode', () => {
      tf.tidy(() => {
        const {weights, state, images, tokens} = open();
        const image = imageTower(config, {weights, state, training: false}, images);
        expectRows(image.features, expected.images);
        expect(image.state).toEqual({});
        expectRows(textTower(config, weights, tokens), expected.texts);
      });
    });

    it('has its token outputs', () => {
      if (!expected.imageTokens || !expected.textTokens) {
        expect(config.vision.kind).toBe('resnet');
        return;
      }
      const {imageTokens: image, textTokens: text} = expected;
      tf.tidy(() => {
        const {weights, state, images, tokens} = open();
        const {tokens: visual} = imageTokens(config, {weights, state, training: false}, images);
        expectSummary('imageTokens', visual, image);
        expectSummary('textTokens', textTokens(config, weights, tokens.ids), text);
      });
    });

    it('has its features, running statistics, loss and gradients in training mode', () => {
      tf.tidy(() => {
        const {weights, state, images, tokens} = open();
        const encoders = createEncoders(config, weights, state, {training: true});
        expectUnitRows(encoders.images(images), expected.training.images);
        expectSummaries({...state, ...encoders.nextState()}, expected.training.state);
        const names = Object.keys(weights);
        const loss = (...values: Tensor[]) => {
          const given = Object.fromEntries(names.map((name, i) => [name, values[i]!]));
          const encode = createEncoders(config, given, state, {training: true});
          return contrastive(encode.images(images), encode.texts(tokens), encode.scale);
        };
        const {value, grads} = tf.valueAndGrads(loss)(Object.values(weights));
        expect(value.dataSync()[0]).toBeCloseTo(expected.training.loss, 4);
        expectSummaries(
          Object.fromEntries(names.map((name, i) => [name, grads[i]!])),
          expected.training.gradients,
        );
      });
    });
  });
});

/** Within 1e-4 of the length of the row. */
function expectRows(actual: Tensor, expected: readonly (readonly number[])[]): void {
  const rows = actual.arraySync() as number[][];
  expect(rows.length).toBe(expected.length);
  expected.forEach((row, i) => {
    expect(Math.hypot(...row.map((value, j) => value - rows[i]![j]!)) / Math.hypot(...row)).toBeLessThan(
      1e-4,
    );
  });
}

function expectUnitRows(actual: Tensor, expected: readonly (readonly number[])[]): void {
  expectRows(
    actual,
    expected.map((row) => row.map((value) => value / Math.hypot(...row))),
  );
}

function expectSummaries(actual: Tensors, expected: Summaries): void {
  expect(Object.keys(actual).sort()).toEqual(Object.keys(expected).sort());
  for (const [name, summary] of Object.entries(expected)) expectSummary(name, actual[name]!, summary);
}

/** Within 1e-4 of the norm; gradients that are zero but for rounding are held to an absolute 1e-6. */
function expectSummary(name: string, actual: Tensor, [norm, probe]: Summary): void {
  const [actualNorm, actualProbe] = summarize(name, toHostArray(actual));
  const tolerance = 1e-4 * norm + 1e-6;
  expect(Math.abs(actualNorm - norm), `norm of ${name}`).toBeLessThan(tolerance);
  expect(Math.abs(actualProbe - probe), `probe of ${name}`).toBeLessThan(tolerance);
}
