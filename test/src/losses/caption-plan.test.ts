import * as tf from '@tensorflow/tfjs-core';
import type {Scalar, Tensor2D} from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {captionPlan, type CaptionPlanOptions} from '../../../src/losses/caption-plan.js';
import {pseudoLabelLoss} from '../../../src/losses/pseudo-label.js';
import {numericalDerivative, numericalGradient} from '../../reference/numerical-gradient.js';
import {
  captionPlan as planReference,
  pseudoLabels,
  sClipTerms,
  type SClipInputs,
} from '../../reference/s-clip.js';
import {expectClose, type Nested} from '../../support/expect-close.js';
import {randomFeatures} from '../../support/random-features.js';
import {gradientsOf, inScope, tensor} from '../../support/tape.js';

beforeAll(async () => {
  await startEngine('auto');
});

const counts = {pairs: 5, unpaired: 4, words: 3};

describe.each([10, 1 / 0.07, 100])('at scale %d', (scale) => {
  const inputs = randomFeatures(counts, scale, 31);

  it.each(['ot', 'soft', 'hard'] as const)('the plan by %s agrees with float64 loops', (transport) => {
    const plan = inScope(() =>
      captionPlan(tensor(inputs.queries), tensor(inputs.images), tf.scalar(scale), {
        transport,
        planGrad: 'stop',
      }).arraySync(),
    );
    expectClose(plan, planReference(inputs, {transport, assign: 'image'}), {relative: 0, absolute: 1e-5});
  });
});

it('a number as regularisation and another count of iterations replace the defaults', () => {
  const inputs = randomFeatures(counts, 50, 32);
  const given = {transportReg: 0.2, transportIters: 3};
  const plan = inScope(() =>
    captionPlan(tensor(inputs.queries), tensor(inputs.images), tf.scalar(50), {
      transport: 'ot',
      planGrad: 'stop',
      ...given,
    }).arraySync(),
  );
  const options = {transport: 'ot', assign: 'image', regularisation: 0.2, iterations: 3} as const;
  expectClose(plan, planReference(inputs, options));
});

/** Gradients of the caption-level loss with respect to images, texts, queries and tau. */
function captionGradients(inputs: SClipInputs, options: CaptionPlanOptions): Nested[] {
  const {images, texts, queries, scale} = inputs;
  return gradientsOf(
    (...taped) => {
      const [i, t, q] = taped as Tensor2D[];
      const s = tf.exp(taped[3] as Scalar);
      return pseudoLabelLoss({queries: q!, texts: t!}, s, captionPlan(q!, i!, s, options));
    },
    () => [tensor(images), tensor(texts), tensor(queries), tf.scalar(Math.log(scale))],
  );
}

describe.each(['ot', 'soft'] as const)('gradients of the caption-level loss by %s', (transport) => {
  it.each([10, 1 / 0.07, 100])('agree with float64 differences at scale %d', (scale) => {
    const inputs = randomFeatures(counts, scale, 33);
    const options = {transport, assign: 'image'} as const;
    const held = pseudoLabels(inputs, options);
    for (const planGrad of ['through', 'stop'] as const) {
      const loss = (changed: Partial<SClipInputs>) => {
        const moved = {...inputs, ...changed};
        return sClipTerms(moved, planGrad === 'stop' ? held : pseudoLabels(moved, options)).caption;
      };
      const [images, texts, queries, tau] = captionGradients(inputs, {transport, planGrad});
      // a gradient is s times differences of near-equal rows: its rounding is relative to s, not to itself
      const tolerance = {relative: 1e-4, absolute: 2e-6 * scale};
      expectClose(
        images!,
        numericalGradient((x) => loss({images: x}), inputs.images),
        tolerance,
      );
      expectClose(
        texts!,
        numericalGradient((x) => loss({texts: x}), inputs.texts),
        tolerance,
      );
      expectClose(
        queries!,
        numericalGradient((x) => loss({queries: x}), inputs.queries),
        tolerance,
      );
      const byTau = numericalDerivative((x) => loss({scale: Math.exp(x)}), Math.log(scale));
      expectClose(tau!, byTau, tolerance);
    }
  });

  it('a stopped plan sends nothing to the images it was read from', () => {
    const inputs = randomFeatures(counts, 10, 34);
    const [stopped] = captionGradients(inputs, {transport, planGrad: 'stop'});
    const [through] = captionGradients(inputs, {transport, planGrad: 'through'});
    expect((stopped as number[][]).flat().every((value) => value === 0)).toBe(true);
    expect((through as number[][]).flat().some((value) => Math.abs(value) > 1e-3)).toBe(true);
  });
});
