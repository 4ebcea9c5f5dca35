import * as tf from '@tensorflow/tfjs-core';
import {expect, test} from 'vitest';
import {adamW, adamWNumbers} from '../../../src/engine/adamw.js';
import {uniform} from '../../../src/engine/random.js';
import type {AdamWOptions} from '../../../src/engine/step.js';
import {adamWPath} from '../../reference/adamw.js';
import {expectClose} from '../../support/expect-close.js';
import {onEveryEngine} from '../../support/engines.js';

const count = 12;
const steps = 6;
const start = Array.from({length: count}, (_, i) => Math.fround(uniform(1, i) * 4 - 2));
const gradients = Array.from({length: steps}, (_, t) =>
  // from 1e-4 to 1e2, so that every part of the formula has its turn
  Array.from({length: count}, (_, i) => Math.fround((uniform(2, t, i) - 0.5) * 10 ** ((i % 7) - 4))),
);
const rates = Array.from({length: steps}, (_, t) => 0.01 * (t + 1));

function path(options: AdamWOptions, isDecayed: boolean): number[][] {
  const weights: number[][] = [];
  tf.tidy(() => {
    let held = {weight: tf.tensor(start), moment1: tf.zeros([count]), moment2: tf.zeros([count])};
    for (const [t, gradient] of gradients.entries()) {
      const numbers = adamWNumbers(t + 1, rates[t]!, options);
      held = adamW({...held, gradient: tf.tensor(gradient)}, numbers, options, {isDecayed});
      weights.push([...held.weight.dataSync()]);
    }
  });
  return weights;
}

function expectedPath({beta1, beta2, epsilon, weightDecay}: AdamWOptions, isDecayed: boolean): number[][] {
  const paths = start.map((weight, i) =>
    adamWPath(
      weight,
      gradients.map((step) => step[i]!),
      rates,
      {beta1, beta2, epsilon, decay: isDecayed ? weightDecay : 0},
    ),
  );
  return gradients.map((_, t) => paths.map((weights) => weights[t]!));
}

onEveryEngine(() => {
  test.each([
    {beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.2},
    {beta1: 0.9, beta2: 0.98, epsilon: 1e-6, weightDecay: 0.05},
    // an epsilon as large as the gradients: inside or outside the root, and before or after the correction
    {beta1: 0.5, beta2: 0.9, epsilon: 0.1, weightDecay: 1},
    {beta1: 0, beta2: 0, epsilon: 1e-8, weightDecay: 0},
  ])('six steps with %o follow the float64 loop, decayed or not', (options) => {
    for (const isDecayed of [true, false]) {
      // relative to updates of the order of the rate, a tenth of the usual absolute share
      expectClose(path(options, isDecayed), expectedPath(options, isDecayed), {
        relative: 1e-5,
        absolute: 2e-6,
      });
    }
  });

  test('leaves nothing behind but its three results', () => {
    const options = {beta1: 0.9, beta2: 0.999, epsilon: 1e-8, weightDecay: 0.2};
    const [weight, gradient, moment1, moment2] = [1, 2, 3, 4].map((value) => tf.fill([2], value)) as [
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
      tf.Tensor,
    ];
    const before = tf.memory().numTensors;
    const next = adamW({weight, gradient, moment1, moment2}, adamWNumbers(1, 0.1, options), options, {
      isDecayed: true,
    });
    expect(tf.memory().numTensors).toBe(before + 3);
    tf.dispose([next, weight, gradient, moment1, moment2]);
  });
});
