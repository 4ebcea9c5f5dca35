import {describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import type {Tensor4D} from '@tensorflow/tfjs-core';
import {toTensors} from '../../../src/engine/host-array.js';
import {bottleneck, resNetMap} from '../../../src/model/modified-resnet.js';
import * as reference from '../../reference/resnet.js';
import type {Numbers} from '../../reference/transformer.js';
import {againstOracle, formulaInputs} from '../../support/against-oracle.js';
import {onEveryEngine} from '../../support/engines.js';
import {formulaImages, formulaModel} from '../../support/formula-weights.js';
import {tinyResNet} from '../../support/tiny-clip.js';

const shape = [2, 4, 4, 4] as const;

/** Weights and statistics of a bottleneck with 2 inner channels and `to` outer ones. */
function shapesOf(name: string, to: number, opens: boolean): Record<string, readonly number[]> {
  const norm = (layer: string, c: number) =>
    Object.fromEntries(
      ['weight', 'bias', 'running_mean', 'running_var'].map((part) => [`${name}.${layer}.${part}`, [c]]),
    );
  return {
    [`${name}.conv1.weight`]: [1, 1, 4, 2],
    ...norm('bn1', 2),
    [`${name}.conv2.weight`]: [3, 3, 2, 2],
    ...norm('bn2', 2),
    [`${name}.conv3.weight`]: [1, 1, 2, to],
    ...norm('bn3', to),
    ...(opens && {[`${name}.downsample.0.weight`]: [1, 1, 4, to], ...norm('downsample.1', to)}),
  };
}

/** The whole network up to the last map, from the parts of the reference. */
function referenceMap(images: reference.Maps, numbers: Numbers, training: boolean): reference.Maps {
  const layer = (x: reference.Maps, i: number, stride: number): reference.Maps => {
    const map = reference.convolve(x, numbers[`visual.conv${i}.weight`]!, {size: 3, stride});
    return reference.relu(reference.batchNorm(map, numbers, `visual.bn${i}`, training));
  };
  let map = reference.halve(layer(layer(layer(images, 1, 2), 2, 1), 3, 1));
  tinyResNet.vision.stageBlocks.forEach((blocks, stage) => {
    for (let i = 0; i < blocks; i++) {
      const place = {name: `visual.layer${stage + 1}.${i}`, opens: i === 0, halves: i === 0 && stage > 0};
      map = reference.bottleneck(map, numbers, {...place, training});
    }
  });
  return map;
}

const name = 'visual.layer1.0';
const bottleneckIsRight = (place: {opens: boolean; halves: boolean}, training: boolean) => {
  const inputs = formulaInputs(
    {x: shape, ...shapesOf(name, place.opens ? 8 : 4, place.opens)},
    (input, value) => {
      // small shifts, so that every ReLU cuts: a norm removes a shift that no ReLU has cut, and its gradient is zero
      if (input.endsWith('bias')) return 0.2 * value;
      if (input.endsWith('running_var') || /(bn\d|downsample.1).weight$/.test(input)) return 1 + value / 2;
      return value;
    },
  );
  return againstOracle({
    inputs,
    differentiated: Object.keys(inputs).filter((input) => !input.includes('running')),
    op: (tensors) => {
      const context = {weights: tensors, state: tensors, training};
      return bottleneck(tensors['x'] as Tensor4D, {name, ...place}, context).map;
    },
    oracle: (numbers) => {
      const map = {shape, data: Float64Array.from(numbers['x']!)};
      return reference.bottleneck(map, numbers, {name, ...place, training}).data;
    },
  });
};

describe.each([false, true])('modified ResNet, training: %s', (training) => {
  const places = [
    {kind: 'inside a stage', opens: false, halves: false},
    {kind: 'that opens the first stage', opens: true, halves: false},
    {kind: 'that opens a later stage', opens: true, halves: true},
  ].map((place) => ({...place, isRight: bottleneckIsRight(place, training)}));

  onEveryEngine(() => {
    it.each(places)('a bottleneck $kind has the values and gradients of plain loops', ({isRight}) =>
      isRight(),
    );

    it('the whole network has the map of plain loops', () => {
      const {weights, state} = formulaModel(tinyResNet);
      const images = formulaImages(2, 32);
      const numbers = Object.fromEntries(
        Object.entries({...weights, ...state}).map(([weight, {data}]) => [weight, Float64Array.from(data)]),
      );
      const input = {shape: [2, 32, 32, 3] as const, data: Float64Array.from(images.data)};
      const expected = referenceMap(input, numbers, training);
      tf.tidy(() => {
        const context = {weights: toTensors(weights), state: toTensors(state), training};
        const batch = tf.tensor4d(images.data, [2, 32, 32, 3]);
        const {map, state: next} = resNetMap(batch, tinyResNet.vision, context);
        expect(map.shape).toEqual(expected.shape);
        const largest = Math.max(...expected.data);
        const worst = Math.max(...map.dataSync().map((value, k) => Math.abs(value - expected.data[k]!)));
        expect(worst).toBeLessThan(1e-4 * largest);
        expect(Object.keys(next).sort()).toEqual(training ? Object.keys(state).sort() : []);
      });
    });
  });
});
