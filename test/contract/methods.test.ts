import * as tf from '@tensorflow/tfjs-core';
import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../src/engine/backend.js';
import {capturedStep} from '../../src/engine/capture/captured-step.js';
import {eagerStep} from '../../src/engine/eager-step.js';
import type {CompiledStep, CompileOptions, HostArrays} from '../../src/engine/step.js';
import {batchView} from '../../src/methods/contract/batch-view.js';
import {listMethods, loadMethod} from '../../src/methods/contract/load-method.js';
import {methodStep} from '../../src/methods/contract/method-step.js';
import type {Method, Needs} from '../../src/methods/contract/method.js';
import {total} from '../../src/methods/contract/total.js';
import {clipBatch, clipOptions} from '../support/engine-clip.js';
import {expectClose} from '../support/expect-close.js';
import {featureBatch} from '../support/feature-batch.js';
import {methodValue} from '../support/method-features.js';
import {randomFeatures} from '../support/random-features.js';
import {inScope, tensor} from '../support/tape.js';
import {tinyResNet, tinyVit} from '../support/tiny-clip.js';

const methods = await Promise.all(
  (await listMethods()).map(async (file) => ({file, method: await loadMethod(file)})),
);
const optionalParts = {unpaired: ['unpaired.images'], keywords: ['keywords.ids']} as const;

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
      expect(paper).toMatch(/^(arXiv:\d{4}\.\d{5}|doi:10\..+)$/);
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

/** Numbers that tell the weights apart. */
function distinctWeights(method: Method): Record<string, number> {
  const names = Object.values(method.formula).flatMap(({weight}) =>
    typeof weight === 'string' ? [weight] : [],
  );
  return Object.fromEntries(names.map((name, i) => [name, 0.5 + 0.125 * i]));
}

describe.each(methods)('the objective of $file', ({method}) => {
  const features = randomFeatures({pairs: 5, unpaired: 4, words: 3}, 20, 71);

  it('has the terms and weights of its formula, in that order', () => {
    const params = distinctWeights(method);
    const terms = inScope(() => {
      const {images, texts, queries, words, labels, scale} = features;
      const {batch, encode, calls} = featureBatch({
        ...{images: tensor(images), texts: tensor(texts), queries: tensor(queries), words: tensor(words)},
        ...{labels: tensor(labels), scale: tf.scalar(scale)},
      });
      const view = batchView(batch, method.needs);
      const objective = method.objective({encode, batch: view, params: method.params.parse(params)});
      expect(calls, 'nothing is encoded before a term is evaluated').toEqual([]);
      return Object.entries(objective.terms).map(([name, {weight}]) => ({name, weight}));
    });
    const written = Object.entries(method.formula).map(([name, {weight}]) => ({
      name,
      weight: typeof weight === 'string' ? params[weight] : weight,
    }));
    expect(terms).toEqual(written);
  });

  it('encodes each input at most once, and only what it declares', () => {
    const {calls} = methodValue(method, {}, features);
    expect(new Set(calls).size).toBe(calls.length);
    const declared = (Object.keys(method.needs) as (keyof Needs)[]).flatMap((need) => optionalParts[need]);
    expect(calls.filter((part) => !part.startsWith('paired.')).sort()).toEqual(declared.sort());
  });

  it('does without what a run lacks, and is finite', () => {
    for (const [unpaired, keywords] of [
      [true, false],
      [false, true],
      [false, false],
    ] as const) {
      const {loss, calls} = methodValue(method, {}, features, {unpaired, keywords});
      expect(loss).toBeGreaterThan(0);
      expect(loss).toBeLessThan(100);
      if (!unpaired) expect(calls).not.toContain('unpaired.images');
      if (!keywords) expect(calls).not.toContain('keywords.ids');
    }
  });

  it('is cut off from every part of the batch that it does not declare', () => {
    inScope(() => {
      const {batch} = featureBatch({
        ...{images: tensor(features.images), texts: tensor(features.texts), scale: tf.scalar(1)},
        ...{
          queries: tensor(features.queries),
          words: tensor(features.words),
          labels: tensor(features.labels),
        },
      });
      const view = batchView(batch, method.needs) as unknown as Record<string, unknown>;
      for (const part of ['unpaired', 'keywords'] as const) {
        if (method.needs[part] === undefined) expect(() => view[part]).toThrow(part);
        else expect(view[part]).not.toBeNull();
      }
    });
  });

  it('refuses to run with every weight at 0 rather than train on nothing', () => {
    inScope(() => {
      const {images, texts, scale} = features;
      const {batch, encode} = featureBatch({
        images: tensor(images),
        texts: tensor(texts),
        scale: tf.scalar(scale),
      });
      const objective = method.objective({
        encode,
        batch: batchView(batch, method.needs),
        params: method.params.parse({}),
      });
      const silent = Object.entries(objective.terms).map(
        ([name, term]) => [name, {...term, weight: 0}] as const,
      );
      expect(() => total({terms: Object.fromEntries(silent)})).toThrow(
        'expected a term with a weight other than 0',
      );
    });
  });
});

const towers = [
  {tower: 'vit', config: tinyVit},
  {tower: 'resnet', config: tinyResNet},
] as const;
const trainings = methods.flatMap(({file, method}) =>
  towers.map(({tower, config}) => ({file, tower, method, config})),
);

describe.each(trainings)('$file trains a random $tower', ({method, config}) => {
  const options = clipOptions(config);
  const batch = (step: number) => clipBatch(config, method.needs, step);

  // operation by operation: tiny models spend longer on recording a graph than on these steps
  function train<T>(
    changes: Partial<CompileOptions>,
    use: (compiled: CompiledStep) => T,
    compile: typeof eagerStep = eagerStep,
  ): T {
    const step = methodStep(method, method.params.parse({}), config);
    const compiled = compile(step, {...options, ...changes});
    try {
      return use(compiled);
    } finally {
      compiled.dispose();
    }
  }

  const run = (compiled: CompiledStep, steps: readonly HostArrays[], learningRate: number) =>
    steps.map((arrays, i) => compiled.run(arrays, {learningRate, step: i + 1}));

  /** Three steps, then everything that is held. */
  const afterThree = (changes: Partial<CompileOptions> = {}, compile = eagerStep) =>
    train(
      changes,
      (compiled) => {
        const numbers = run(compiled, [batch(0), batch(1), batch(2)], 1e-3);
        const held = compiled.names().map((name) => [name, [...compiled.read(name).data]] as const);
        return {numbers, held: Object.fromEntries(held)};
      },
      compile,
    );

  it('three steps are finite, log every term and have the same bits again, leaving no tensor behind', () => {
    const before = tf.memory().numTensors;
    const first = afterThree();
    for (const {loss, terms, gradientNorm} of first.numbers) {
      expect(Object.keys(terms)).toEqual(Object.keys(method.formula));
      expect([loss, gradientNorm, ...Object.values(terms)].every(Number.isFinite)).toBe(true);
      expect(gradientNorm).toBeGreaterThan(0);
    }
    expect(Object.values(first.held).flat().every(Number.isFinite)).toBe(true);
    expect(afterThree()).toEqual(first);
    expect(tf.memory().numTensors).toBe(before);
  });

  it('the loss falls when one batch is repeated', () => {
    const losses = train({}, (compiled) =>
      run(
        compiled,
        Array.from({length: 12}, () => batch(0)),
        5e-3,
      ),
    ).map(({loss}) => loss);
    expect(losses.at(-1)).toBeLessThan(losses[0]!);
  });

  it('weights that are not trained keep their bits, the others move', () => {
    const isImageTower = (name: string) => name.startsWith('visual.');
    const trained = new Set([...options.trained].filter((name) => !isImageTower(name)));
    const decayed = new Set([...options.decayed].filter((name) => trained.has(name)));
    const {held} = afterThree({trained, decayed});
    const moved = Object.keys(options.weights).filter((name) =>
      held[`weights/${name}`]!.some((value, i) => value !== options.weights[name]!.data[i]),
    );
    expect(moved.filter(isImageTower)).toEqual([]);
    expect(moved).toContain('text_projection');
    expect(moved).toContain('logit_scale');
  });
});

// the graph needs TensorFlow whatever engine the other tests found
describe.each(methods)('$file captured as one graph', ({method}) => {
  beforeAll(() => startEngine('tensorflow'));

  it('takes the same three steps as operation by operation', () => {
    const step = methodStep(method, method.params.parse({}), tinyVit);
    const [eager, captured] = [eagerStep, capturedStep].map((compile) => {
      const compiled = compile(step, clipOptions(tinyVit));
      const numbers = [0, 1, 2].map((i) =>
        compiled.run(clipBatch(tinyVit, method.needs, i), {learningRate: 1e-3, step: i + 1}),
      );
      const held = compiled.names().map((name) => [name, compiled.read(name).data] as const);
      compiled.dispose();
      return {numbers, held: Object.fromEntries(held)};
    });
    eager!.numbers.forEach(({loss, gradientNorm, terms}, i) => {
      const got = captured!.numbers[i]!;
      expect(Object.keys(got.terms)).toEqual(Object.keys(terms));
      expectClose(
        [got.loss, got.gradientNorm, ...Object.values(got.terms)],
        [loss, gradientNorm, ...Object.values(terms)],
      );
    });
    for (const [name, data] of Object.entries(eager!.held)) expectClose(captured!.held[name]!, data);
  });
});
