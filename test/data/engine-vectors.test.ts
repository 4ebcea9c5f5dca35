import * as tf from '@tensorflow/tfjs-core';
import {describe, expect, test} from 'vitest';
import {adamW, adamWNumbers} from '../../src/engine/adamw.js';
import {eagerStep} from '../../src/engine/eager-step.js';
import {warmupCosine} from '../../src/engine/schedule.js';
import type {AdamWOptions, Step} from '../../src/engine/step.js';
import {isDecayed} from '../../src/engine/weight-decay.js';
import {adamWPath} from '../reference/adamw.js';
import {onEveryEngine} from '../support/engines.js';
import {numberOf, readVectors, vectorOf} from '../support/s-clip-vectors.js';

const vectors = readVectors();
const caseOf = (id: string) => vectors.get(id)!;

describe('vector lr_schedule', () => {
  const {inputs, expected, abs_tol: tolerance} = caseOf('lr_schedule');

  test('warmupCosine gives every rate', () => {
    const options = {
      baseRate: numberOf(inputs, 'base_lr'),
      warmupSteps: numberOf(inputs, 'warmup_steps'),
      totalSteps: numberOf(inputs, 'total_steps'),
    };
    const rates = vectorOf(expected, 'lr');
    expect(rates.length).toBe(11);
    for (const [i, step] of vectorOf(inputs, 'steps').entries()) {
      expect(Math.abs(warmupCosine(step, options) - rates[i]!), `step ${step}`).toBeLessThanOrEqual(
        tolerance,
      );
    }
  });
});

describe('vector weight_decay_groups', () => {
  const {inputs, expected} = caseOf('weight_decay_groups');
  const parameters = inputs['parameters'] as readonly {readonly name: string; readonly ndim: number}[];

  test('isDecayed decides every parameter', () => {
    expect(parameters.map(({name, ndim}) => isDecayed(name, ndim))).toEqual(expected['decayed']);
  });
});

const rn50 = {beta1: 0.9, beta2: 0.999, epsilon: 1e-8};
const vit = {beta1: 0.9, beta2: 0.98, epsilon: 1e-6};
const adamWCases: readonly (readonly [string, AdamWOptions])[] = [
  ['rn50_decay_0_2', {...rn50, weightDecay: 0.2}],
  ['rn50_no_decay', {...rn50, weightDecay: 0}],
  ['vit_decay_0_2', {...vit, weightDecay: 0.2}],
];

describe('vector adamw', () => {
  const {inputs, expected, abs_tol: tolerance} = caseOf('adamw');
  const gradients = vectorOf(inputs, 'grads');
  const rates = vectorOf(inputs, 'lrs');
  const start = numberOf(inputs, 'p0');

  test.each(adamWCases)('%s: the float64 reference gives every weight', (id, options) => {
    const path = adamWPath(start, gradients, rates, {...options, decay: options.weightDecay});
    for (const [i, weight] of vectorOf(expected, id).entries()) {
      expect(Math.abs(path[i]! - weight)).toBeLessThanOrEqual(tolerance);
    }
  });

  onEveryEngine(() => {
    test.each(adamWCases)('%s: adamW gives every weight to the last place of float32', (id, options) => {
      tf.tidy(() => {
        let held = {weight: tf.scalar(start), moment1: tf.scalar(0), moment2: tf.scalar(0)} as {
          weight: tf.Tensor;
          moment1: tf.Tensor;
          moment2: tf.Tensor;
        };
        const weights = vectorOf(expected, id);
        for (const [i, gradient] of gradients.entries()) {
          const numbers = adamWNumbers(i + 1, rates[i]!, options);
          held = adamW({...held, gradient: tf.scalar(gradient)}, numbers, options, {isDecayed: true});
          // two units in the last place of 1.5 a step
          expect(Math.abs(held.weight.dataSync()[0]! - weights[i]!)).toBeLessThanOrEqual((i + 1) * 2 ** -22);
        }
      });
    });

    test.each(adamWCases)('%s: the updates themselves, from a weight of 0', (_, options) => {
      tf.tidy(() => {
        const path = adamWPath(0, gradients, rates, {...options, decay: options.weightDecay});
        let held = {weight: tf.zeros([]), moment1: tf.zeros([]), moment2: tf.zeros([])};
        for (const [i, gradient] of gradients.entries()) {
          const numbers = adamWNumbers(i + 1, rates[i]!, options);
          held = adamW({...held, gradient: tf.scalar(gradient)}, numbers, options, {isDecayed: true});
          expect(held.weight.dataSync()[0]! / path[i]!).toBeCloseTo(1, 5);
        }
      });
    });
  });
});

describe('vector logit_scale_clamp', () => {
  const {inputs, expected, abs_tol: tolerance} = caseOf('logit_scale_clamp');
  const clamped = vectorOf(expected, 'clamped');
  const multiplier = vectorOf(expected, 'multiplier');

  onEveryEngine(() => {
    test.each(vectorOf(inputs, 'log_scale').map((scale, i) => [scale, i] as const))(
      'a step that leaves the log scale at %f clamps it',
      (scale, i) => {
        // the loss reaches the scale with a gradient of 0, so AdamW leaves it where it is
        const step: Step = ({logit_scale}) => {
          const loss = tf.mul<tf.Scalar>(logit_scale!, 0);
          return {loss, terms: {}, state: {}};
        };
        const compiled = eagerStep(step, {
          weights: {logit_scale: {shape: [], data: Float32Array.of(scale)}},
          trained: new Set(['logit_scale']),
          decayed: new Set(),
          state: {},
          optimizer: {...vit, weightDecay: 0.2},
          clamped: {logit_scale: [0, Math.log(100)]},
        });
        compiled.run({}, {learningRate: 1e-3, step: 1});
        const held = compiled.read('weights/logit_scale').data[0]!;
        compiled.dispose();
        // float32 holds 4.6 to 2.4e-7, which is 2.4e-7 of its exponential too
        expect(Math.abs(held - clamped[i]!)).toBeLessThanOrEqual(tolerance + 2.4e-7);
        expect(Math.abs(Math.exp(held) / multiplier[i]! - 1)).toBeLessThanOrEqual(2.4e-7);
      },
    );
  });
});
