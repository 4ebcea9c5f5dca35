import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../src/engine/backend.js';
import {listMethods, loadMethod} from '../../src/methods/contract/load-method.js';
import {wholeFormula} from '../../src/methods/contract/describe-method.js';
import type {Method} from '../../src/methods/contract/method.js';
import {partOf, scheduled, trainsWeight} from '../../src/methods/contract/parts.js';
import {randomModel} from '../../src/model/random-model.js';
import {packageRoot} from '../../src/support/package-root.js';
import {clipBatch} from '../support/engine-clip.js';
import {expectClose} from '../support/expect-close.js';
import {
  compileOnRandom,
  defaultPart,
  heldBy,
  runStep,
  towers,
  trainOnRandom,
  type Tower,
  type Trained,
} from '../support/method-training.js';
import {tinyVit} from '../support/tiny-clip.js';

const methods = await Promise.all(
  (await listMethods()).map(async (file) => ({file, method: await loadMethod(file)})),
);
const eager = {capture: false} as const;
const clip = await defaultPart('clip');

beforeAll(async () => {
  await startEngine('auto');
});

describe.each(methods)('$file describes itself', ({file, method}) => {
  it('by its file name and one sentence', () => {
    expect(method.name).toBe(file);
    expect(method.summary).toMatch(/^[A-Z].*\.$/);
    expect(method.summary.length).toBeLessThanOrEqual(100);
  });

  it('by papers, and by what differs from them', () => {
    expect(method.cites.length).toBeGreaterThan(0);
    for (const {paper, title} of method.cites) {
      expect(paper).toMatch(/^(arXiv:\d{4}\.\d{5}|doi:10\..+|openreview:\w+)$/);
      expect(title).not.toBe('');
    }
    expect(method.differs).not.toBe('');
  });

  it('by parameters that all have a description and a default within their bounds', () => {
    const defaults = method.params.parse({});
    expect(Object.keys(defaults)).toEqual(Object.keys(method.params.shape));
    expect(method.params.parse(defaults)).toEqual(defaults);
    for (const [name, field] of Object.entries(method.params.shape)) {
      expect(name).toMatch(/^[a-z][a-zA-Z]*$/);
      expect(field.description, name).toMatch(/^\S.*[^.]$/);
    }
  });

  it('and refuses parameters that it does not have', () => {
    expect(method.params.safeParse({noSuchParameter: 1}).success).toBe(false);
  });
});

it('a method that solves something says what, and needs the classes for it', () => {
  for (const {file, method} of methods) {
    if (method.formula.solved === undefined && method.steps !== false) continue;
    expect(method.formula.solved, file).toMatch(/\S/);
    expect('solve' in method, file).toBe(true);
    expect(method.needs.classes, file).toBe(true);
  }
});

/** Weights that tell the terms apart: those that the formula names as parameters. */
function distinctWeights({params, formula}: Method): Record<string, number> {
  const names = Object.values({...formula.pairs, ...formula.terms}).map(({weight}) => weight);
  const own = names.filter((name): name is string => typeof name === 'string' && name in params.shape);
  return Object.fromEntries(own.map((name, i) => [name, 0.5 + 0.125 * i]));
}

it('docs/methods.md has a row for every method, and for no other', async () => {
  const page = await readFile(join(packageRoot(), 'docs/methods.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([^`]+)` \|/gm)].map(([, name]) => name!);
  expect(rows.sort()).toEqual(methods.map(({file}) => file).sort());
});

/** Those that take training steps. */
const training = methods.filter(({method}) => method.steps !== false);

describe.each(training)('the objective of $file', ({method}) => {
  it('has the terms of its formula, in that order, and the loss is their weighted sum', () => {
    const params = distinctWeights(method);
    const part = partOf(method, params);
    const {numbers} = trainOnRandom([part], tinyVit, {steps: 2, mode: eager});
    numbers.forEach(({loss, terms}, step) => {
      const formula = Object.entries(wholeFormula(method));
      expect(Object.keys(terms)).toEqual(formula.map(([name]) => name));
      const schedule = scheduled([part], {step, steps: 12});
      const sum = formula.reduce((total, [name, {weight}]) => {
        if (typeof weight === 'number') return total + weight * terms[name]!;
        // a parameter that a schedule goes by too is what the schedule makes of it
        return total + (schedule[`${method.name}/${weight}`] ?? params[weight]!) * terms[name]!;
      }, 0);
      expectClose([loss], [sum]);
    });
  });

  it('logs what is finite and at a factor of 0 nothing, without a bit of what it trains changing', () => {
    const logs = trainOnRandom([partOf(method)], tinyVit, {steps: 1, mode: eager}).numbers[0]!.logged ?? {};
    expect(Object.values(logs).every(Number.isFinite)).toBe(true);
    const silent = trainOnRandom([clip, {...partOf(method), weight: 0}], tinyVit, {steps: 1, mode: eager});
    expect(silent.numbers[0]!.logged).toBeUndefined();
    if (Object.keys(logs).length === 0) return;
    const mute: Method = {
      ...method,
      objective: (context) => ({...method.objective!(context), logged: {}}),
    };
    const run = (one: Method) => trainOnRandom([partOf(one)], tinyVit, {steps: 2, mode: eager}).held;
    expect(run(mute)).toEqual(run(method));
  });

  it('does without what a run lacks, and is finite', () => {
    const parts = [partOf(method)];
    for (const lacking of [['unpaired'], ['keywords'], ['unpaired', 'keywords']]) {
      const compiled = compileOnRandom(parts, tinyVit, {}, eager);
      const batch = Object.entries(clipBatch(tinyVit, parts, 0));
      const isLacking = (name: string) =>
        lacking.some(
          (part) =>
            name.startsWith(`${part}.`) ||
            name.includes(`/view.${part}.`) ||
            (part === 'keywords' && name.includes('/phrase.')),
        );
      const rest = batch.filter(([name]) => !isLacking(name));
      const schedule = scheduled(parts, {step: 0, steps: 12});
      const {loss} = compiled.run(Object.fromEntries(rest), {learningRate: 1e-3, step: 1, ...schedule});
      expect(Number.isFinite(loss)).toBe(true);
      compiled.dispose();
    }
  });
});

/** Methods that only add terms: beside another they change nothing else. */
const additions = training.filter(
  ({method}) =>
    method.formula.terms && !method.formula.pairs && !('trains' in method) && !('reweight' in method),
);

describe.each(additions)('$file beside clip', ({method}) => {
  it('leaves the same bits at weight 0 as a run without it', () => {
    const run = (parts: Parameters<typeof trainOnRandom>[0]) =>
      trainOnRandom(parts, tinyVit, {steps: 2, mode: eager});
    const without = run([clip]);
    const silent = run([clip, {...partOf(method), weight: 0}]);
    expect(silent.numbers).toEqual(without.numbers);
    expect(silent.held).toMatchObject(without.held);
  });
});

const trainings = training.flatMap(({file, method}) =>
  (Object.keys(towers) as Tower[]).map((tower) => ({file, tower, method, config: towers[tower]})),
);

// operation by operation: tiny models spend longer on recording a graph than on these steps
describe.each(trainings)('$file trains a random $tower', ({method, config}) => {
  const parts = [partOf(method)];
  const train = (steps: number) => trainOnRandom(parts, config, {steps, mode: eager});
  let first: Trained;
  let before: number;

  beforeAll(() => {
    before = tf.memory().numTensors;
    first = train(3);
  });

  it('three steps are finite and have the same bits again, leaving no tensor behind', () => {
    for (const {loss, terms, gradientNorm} of first.numbers) {
      expect([loss, gradientNorm, ...Object.values(terms)].every(Number.isFinite)).toBe(true);
      expect(gradientNorm).toBeGreaterThan(0);
    }
    for (const [name, {data}] of Object.entries(first.held)) {
      expect(data.every(Number.isFinite), name).toBe(true);
    }
    expect(train(3)).toEqual(first);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('the loss falls when one batch is repeated', () => {
    const compiled = compileOnRandom(parts, config, {}, eager);
    const losses = Array.from(
      {length: 12},
      // under the schedule of the last step: a run in stages has another loss in each
      (_, step) => runStep(compiled, {parts, config, batch: 0, rate: 5e-3, scheduledAs: 11}, step).loss,
    );
    compiled.dispose();
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });

  it('weights that are not trained keep their bits, the others move', () => {
    const {held} = trainOnRandom(parts, config, {steps: 3, mode: eager, changes: {frozen: 'image'}});
    const {weights} = randomModel(config, 3);
    const moved = Object.keys(weights).filter((name) =>
      held[`weights/${name}`]!.data.some((value, i) => value !== weights[name]!.data[i]),
    );
    const allowed = (name: string) => trainsWeight(parts, name) && !name.startsWith('visual.');
    expect(moved.filter((name) => !allowed(name))).toEqual([]);
    for (const name of ['text_projection', 'logit_scale'].filter(allowed)) expect(moved).toContain(name);
  });

  it('goes on from what it held as if it had not been interrupted', () => {
    const {held} = train(1);
    const resumed = compileOnRandom(parts, config, {}, eager);
    for (const [name, value] of Object.entries(held)) resumed.write(name, value);
    for (const step of [1, 2]) runStep(resumed, {parts, config}, step);
    expect(heldBy(resumed)).toEqual(first.held);
    resumed.dispose();
  });
});
