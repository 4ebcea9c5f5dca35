import {beforeAll, describe, expect, test} from 'vitest';
import {startEngine} from '../../src/engine/backend.js';
import {compileStep, type CompileMode} from '../../src/engine/compile.js';
import type {HostArray, StepNumbers} from '../../src/engine/step.js';
import {listMethods, loadMethod} from '../../src/methods/contract/load-method.js';
import {methodStep} from '../../src/methods/contract/method-step.js';
import {clipBatch, clipOptions} from '../support/engine-clip.js';
import {expectClose} from '../support/expect-close.js';
import {tinyVit} from '../support/tiny-clip.js';

const methods = await listMethods();
const modes = {eager: {capture: false}, captured: {capture: true}} as const;

/** Two steps of a method on a random CLIP; first moments after one step are its gradients. */
async function train(
  name: string,
  mode: CompileMode,
  microBatch?: number,
): Promise<{readonly numbers: readonly StepNumbers[]; readonly held: Readonly<Record<string, HostArray>>}> {
  const method = await loadMethod(name);
  const step = methodStep(method, method.params.parse({}), tinyVit, {microBatch});
  const compiled = compileStep(step, clipOptions(tinyVit), mode);
  try {
    const numbers = [0, 1].map((i) =>
      compiled.run(clipBatch(tinyVit, method.needs, i), {learningRate: 0.001, step: i + 1}),
    );
    return {numbers, held: Object.fromEntries(compiled.names().map((key) => [key, compiled.read(key)]))};
  } finally {
    compiled.dispose();
  }
}

beforeAll(() => startEngine('tensorflow'));

// of 4 pairs, 3 uncaptioned images and 3 keywords: chunks that fill, and a last one that does not
describe.each(Object.entries(modes))(
  '%s, a step in micro-batches is the step of the whole batch',
  (_, mode) => {
    test.each(methods)('%s', async (name) => {
      const whole = await train(name, mode);
      for (const microBatch of [1, 2]) {
        const parts = await train(name, mode, microBatch);
        for (const [i, {loss, gradientNorm, terms}] of whole.numbers.entries()) {
          const got = parts.numbers[i]!;
          expectClose(
            [got.loss, got.gradientNorm, ...Object.values(got.terms)],
            [loss, gradientNorm, ...Object.values(terms)],
            {relative: 1e-5, absolute: 1e-6},
          );
        }
        expect(Object.keys(parts.held)).toEqual(Object.keys(whole.held));
        for (const [key, {data}] of Object.entries(whole.held)) {
          expectClose(parts.held[key]!.data, data, {relative: 1e-5, absolute: 1e-5});
        }
      }
    });
  },
);
