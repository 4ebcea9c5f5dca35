import {beforeAll, describe, expect, it} from 'vitest';
import * as tf from '@tensorflow/tfjs-core';
import {startEngine} from '../../../src/engine/backend.js';
import type {HostArray} from '../../../src/engine/step.js';
import {headLogits} from '../../../src/eval/classifier.js';
import linearProbe from '../../../src/methods/linear-probe.js';
import lpPlusPlus from '../../../src/methods/lp++.js';
import tipAdapter from '../../../src/methods/tip-adapter.js';
import type {Solution} from '../../../src/methods/contract/class-problem.js';
import type {Method} from '../../../src/methods/contract/method.js';
import {accuracy} from '../../../src/methods/shared/class-rows.js';
import type {ClassHead} from '../../../src/model/class-head.js';
import {plantedClasses, solvePlanted, type Planted} from '../../support/class-problem.js';

beforeAll(async () => {
  await startEngine('auto');
});

const options = {classes: 6, shots: 8, dim: 24, imageNoise: 1.1, promptNoise: 4, gap: 8} as const;

/** Logits of a head on images it was not made from. */
function logitsOf({head}: Solution, {unseen}: Planted): HostArray {
  const whole: ClassHead = {...head!, method: 'test', labels: [], names: []};
  const images = {values: unseen.data as Float32Array, count: unseen.shape[0]!, dim: unseen.shape[1]!};
  const logits = headLogits(images, whole, {start: 0, end: images.count});
  return {shape: [images.count, head!.bias.data.length], data: Float32Array.from(logits)};
}

function zeroShot({unseen, prompts, labels}: Planted): number {
  const logits = tf.tidy(() =>
    tf
      .matMul(
        tf.tensor2d(unseen.data, [...unseen.shape] as [number, number]),
        tf.tensor2d(prompts.data, [...prompts.shape] as [number, number]),
        false,
        true,
      )
      .dataSync(),
  );
  return accuracy({shape: [labels.length, prompts.shape[0]!], data: logits as Float32Array}, labels);
}

const methods: readonly [string, Method, object][] = [
  ['linear-probe', linearProbe, {iterations: 50}],
  ['linear-probe in closed form', linearProbe, {loss: 'squares'}],
  ['lp++', lpPlusPlus, {epochs: 100}],
  ['tip-adapter', tipAdapter, {}],
];

describe.each(methods)('%s', (_name, method, params) => {
  it('sorts images it has not seen better than their prompts do, by 0.2 and more', async () => {
    for (const seed of [1, 2, 3]) {
      const planted = plantedClasses({...options, seed});
      const solution = await solvePlanted(method, {...params}, planted);
      expect(accuracy(logitsOf(solution, planted), planted.labels)).toBeGreaterThan(zeroShot(planted) + 0.2);
    }
  });

  it('gives the same bits again and leaves no tensor behind', async () => {
    const planted = plantedClasses({...options, seed: 4});
    const before = tf.memory().numTensors;
    const first = await solvePlanted(method, {...params}, planted);
    expect(await solvePlanted(method, {...params}, planted)).toEqual(first);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('is finite for equal images, and for one image a class, which leaves nothing to choose by', async () => {
    const planted = plantedClasses({...options, imageNoise: 0, shots: 2, seed: 5});
    const single = plantedClasses({...options, shots: 1, seed: 6});
    for (const each of [planted, single]) {
      const {head} = await solvePlanted(method, {...params}, each);
      for (const {data} of [head!.weights, head!.bias]) expect(data.every(Number.isFinite)).toBe(true);
    }
  });
});

describe('linear-probe', () => {
  it('with cross-entropy is at the least of its loss', async () => {
    const planted = plantedClasses({...options, seed: 7});
    const loss = async (iterations: number) => {
      const {head} = await solvePlanted(linearProbe, {decay: 1e-2, iterations}, planted);
      const logits = logitsOf({head: head!}, {...planted, unseen: planted.images});
      return tf.tidy(() => {
        const rows = tf.tensor2d(logits.data, logits.shape as [number, number]);
        const right = tf.oneHot(tf.tensor1d([...planted.labels], 'int32'), 6) as tf.Tensor2D;
        return tf.losses.softmaxCrossEntropy(right, rows).dataSync()[0]!;
      });
    };
    const [few, many, most] = [await loss(20), await loss(500), await loss(4000)];
    expect(Math.abs(many - most)).toBeLessThan(1e-4);
    expect(Math.abs(few - most)).toBeGreaterThan(1e-3);
  });

  it('takes the decay that it is given', async () => {
    const planted = plantedClasses({...options, seed: 8});
    const length = async (decay: number) => {
      const {head} = await solvePlanted(linearProbe, {decay, loss: 'squares'}, planted);
      return Math.hypot(...head!.weights.data);
    };
    expect(await length(1e-3)).toBeGreaterThan(2 * (await length(1)));
  });
});

describe('tip-adapter', () => {
  it('without what images add is zero-shot', async () => {
    const planted = plantedClasses({...options, seed: 9});
    const solution = await solvePlanted(tipAdapter, {alpha: 0}, planted);
    expect(accuracy(logitsOf(solution, planted), planted.labels)).toBe(zeroShot(planted));
  });

  it('keeps all images, whatever it kept back to choose by', async () => {
    const planted = plantedClasses({...options, seed: 10});
    const {head} = await solvePlanted(tipAdapter, {}, planted);
    expect(head!.cache!.keys).toEqual(planted.images);
    expect(head!.cache!.values.shape).toEqual([48, 6]);
  });
});
