import {beforeAll, describe, expect, test} from 'vitest';
import {startEngine} from '../../src/engine/backend.js';
import type {CompileMode} from '../../src/engine/compile.js';
import {expectClose} from '../support/expect-close.js';
import {
  defaultPart,
  flatNumbers,
  type Trained,
  trainingMethods,
  trainOnRandom,
} from '../support/method-training.js';
import {tinyVit} from '../support/tiny-clip.js';

const methods = await trainingMethods();
const modes = {eager: {capture: false}, captured: {capture: true}} as const;

/** Two steps of a method on a random CLIP; first moments after one step are its gradients. */
async function train(name: string, mode: CompileMode, microBatch: number | null): Promise<Trained> {
  return trainOnRandom([await defaultPart(name)], tinyVit, {steps: 2, mode, changes: {microBatch}});
}

beforeAll(() => startEngine('tensorflow'));

// of 4 pairs, 3 uncaptioned images and 3 keywords: chunks that fill, and a last one that does not
describe.each(Object.entries(modes))(
  '%s, a step in micro-batches is the step of the whole batch',
  (_, mode) => {
    test.each(methods)('%s', async (name) => {
      const whole = await train(name, mode, null);
      for (const microBatch of [1, 2]) {
        const parts = await train(name, mode, microBatch);
        for (const [i, numbers] of whole.numbers.entries()) {
          const tolerance = {relative: 1e-5, absolute: 1e-6};
          expectClose(flatNumbers(parts.numbers[i]!), flatNumbers(numbers), tolerance);
        }
        expect(Object.keys(parts.held)).toEqual(Object.keys(whole.held));
        for (const [key, {data}] of Object.entries(whole.held)) {
          // second moments are squares: what rounds a gradient rounds them twice as much
          const relative = key.startsWith('moment2/') ? 2e-5 : 1e-5;
          expectClose(parts.held[key]!.data, data, {relative, absolute: 1e-5});
        }
      }
    });
  },
);
