import {describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor1D, Tensor4D} from '@tensorflow/tfjs-core';
import {toTensors} from '../../../src/engine/host-array.js';
import {parameterShapes} from '../../../src/model/parameter-shapes.js';
import {vitFeatures, vitTokens} from '../../../src/model/vit.js';
import * as reference from '../../reference/clip-towers.js';
import type {Numbers} from '../../reference/transformer.js';
import {againstOracle, formulaInputs} from '../../support/against-oracle.js';
import {onEveryEngine} from '../../support/engines.js';
import {formulaModel} from '../../support/formula-weights.js';
import {tinyVit} from '../../support/tiny-clip.js';

const n = 2;

function visualShapes(config: typeof tinyVit): Record<string, readonly number[]> {
  return Object.fromEntries(
    Object.entries(parameterShapes(config)).filter(([name]) => name.startsWith('visual.')),
  );
}

/** Image i of a batch, row-major. */
function imageOf(numbers: Numbers, i: number): number[] {
  const images = Array.from(numbers['images']!);
  return images.slice((i * images.length) / n, ((i + 1) * images.length) / n);
}

describe('vision transformer', () => {
  const activated = {...tinyVit.vision, activation: tinyVit.activation};
  const {imageSize} = tinyVit.vision;
  const inputs = formulaInputs({images: [n, imageSize, imageSize, 3], ...visualShapes(tinyVit)});

  const hasFeatures = againstOracle({
    // the gradient with respect to the images too: saliency maps read it
    inputs,
    op: (tensors) => vitFeatures(tensors['images'] as Tensor4D, activated, tensors),
    oracle: (numbers) => [0, 1].flatMap((i) => reference.vitFeature(imageOf(numbers, i), tinyVit, numbers)),
  });
  const hasTokens = againstOracle({
    inputs,
    differentiated: Object.keys(inputs).filter((name) => name !== 'visual.proj'),
    op: (tensors) => vitTokens(tensors['images'] as Tensor4D, activated, tensors),
    oracle: (numbers) =>
      [0, 1].flatMap((i) => reference.vitTokens(imageOf(numbers, i), tinyVit, numbers).flat()),
  });
  const paths = [
    [1, 1, 0, 1.25],
    [1, 0.5, 1.25, 0],
  ];
  const places = [
    [0, 1, 0, 0],
    [1, 1, 0, 1],
  ];
  const noisy = {...inputs, ...formulaInputs({mask: [tinyVit.vision.width]})};
  const hasNoisyTokens = againstOracle({
    inputs: noisy,
    differentiated: ['images', 'mask', 'visual.conv1.weight', 'visual.positional_embedding'],
    op: (tensors) =>
      vitTokens(tensors['images'] as Tensor4D, activated, tensors, {
        paths: tf.tensor2d(paths),
        masked: {places: tf.tensor2d(places), embedding: tensors['mask'] as Tensor1D},
      }),
    oracle: (numbers) =>
      [0, 1].flatMap((i) => {
        const hidden = places[i]!.map((place) => place === 1);
        const leftOut = {paths: paths[i]!, hidden, mask: numbers['mask']!};
        return reference.vitTokens(imageOf(numbers, i), tinyVit, numbers, leftOut).flat();
      }),
  });
  const vision = {...tinyVit.vision, imageSize: 5};
  const uneven = {...tinyVit, vision};
  const leavesOutTheBorder = againstOracle({
    inputs: formulaInputs({images: [n, 5, 5, 3], ...visualShapes(uneven)}),
    differentiated: ['images', 'visual.conv1.weight'],
    op: (tensors) => vitFeatures(tensors['images'] as Tensor4D, {...activated, ...vision}, tensors),
    oracle: (numbers) => [0, 1].flatMap((i) => reference.vitFeature(imageOf(numbers, i), uneven, numbers)),
  });

  onEveryEngine(() => {
    it('has the features and gradients of plain loops', hasFeatures);
    it('has the tokens and gradients of plain loops', hasTokens);
    it('skips paths and hides patches, and gradients reach what stands in their place', hasNoisyTokens);
    it('leaves out the border that does not fill a patch, as a strided convolution does', leavesOutTheBorder);

    it('frees everything but its result', () => {
      const weights = toTensors(formulaModel(tinyVit).weights);
      const images = tf.zeros<tf.Rank.R4>([n, imageSize, imageSize, 3]);
      const before = tf.memory().numTensors;
      const features = tf.tidy(() => vitFeatures(images, activated, weights));
      expect(tf.memory().numTensors).toBe(before + 1);
      features.dispose();
    });
  });
});
