import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import {compileStep} from '../../../src/engine/compile.js';
import type {CompiledStep, HostArray, HostArrays, Step} from '../../../src/engine/step.js';
import {isDecayed} from '../../../src/engine/weight-decay.js';
import {createEncoders} from '../../../src/model/encoders.js';
import type {ClipConfig} from '../../../src/model/clip-config.js';
import type {TokenTensors} from '../../../src/model/text-tower.js';
import {formulaImages, formulaModel} from '../../support/formula-weights.js';
import {
  contrastive,
  goldenConfig,
  readGoldenTowers,
  summarize,
  type Summary,
} from '../../support/golden-towers.js';
import type {Tensor4D} from '@tensorflow/tfjs-core';

const golden = readGoldenTowers();

describe.each(['tensorflow', 'wasm'] as const)('five steps of AdamW on %s', (engine) => {
  beforeAll(() => startEngine(engine));

  it.each(Object.entries(golden.models))(
    '%s: losses, and how far the weights move, are those of PyTorch in float64',
    (_, expected) => {
      const config = goldenConfig(expected);
      const step = trainingStep(config);
      try {
        expected.steps.losses.forEach((loss, i) => {
          const {learningRate} = golden.optimizer;
          const numbers = step.run(batchOf(config, i), {learningRate, step: i + 1});
          expect(Math.abs(numbers.loss - loss), `loss ${i + 1}`).toBeLessThan(1e-4);
        });
        const start = formulaModel(config).weights;
        for (const [name, summary] of Object.entries(expected.steps.moved)) {
          const moved = difference(step.read(`weights/${name}`), start[name]!);
          // a key's bias moves all logits of a query alike: its gradient, and so its way, is rounding alone
          const floor = name === 'visual.attnpool.k_proj.bias' ? 1e-3 : 1e-6;
          // AdamW divides gradients by their size, so that rounding in the smallest ones shows
          expectSummary(name, moved, {expected: summary, share: 0.02, floor});
        }
        for (const [name, summary] of Object.entries(expected.steps.state)) {
          expectSummary(name, step.read(`state/${name}`), {expected: summary, share: 1e-4, floor: 1e-6});
        }
      } finally {
        step.dispose();
      }
    },
  );
});

function trainingStep(config: ClipConfig): CompiledStep {
  const {weights, state} = formulaModel(config);
  const clip: Step = (given, statistics, batch) => {
    const encode = createEncoders(config, given, statistics, {training: true});
    const tokens = {ids: batch['ids'], end: batch['end']} as TokenTensors;
    const loss = contrastive(encode.images(batch['images'] as Tensor4D), encode.texts(tokens), encode.scale);
    return {loss, terms: {}, state: encode.nextState()};
  };
  const names = Object.keys(weights);
  return compileStep(clip, {
    weights,
    state,
    trained: new Set(names),
    decayed: new Set(names.filter((name) => isDecayed(name, weights[name]!.shape.length))),
    optimizer: golden.optimizer,
    clamped: {logit_scale: [0, Math.log(100)]},
  });
}

/** All pairs but one, in another order in every step. */
function batchOf({vision}: ClipConfig, step: number): HostArrays {
  const n = golden.end.length;
  const shown = Array.from({length: n - 1}, (_, i) => (i + step) % n);
  const {data, shape} = formulaImages(n, vision.imageSize);
  const size = data.length / n;
  const images = new Float32Array((n - 1) * size);
  shown.forEach((from, to) => images.set(data.subarray(from * size, (from + 1) * size), to * size));
  const ids = shown.map((i) => golden.ids[i]!);
  return {
    images: {shape: [n - 1, ...shape.slice(1)], data: images},
    ids: {shape: [n - 1, ids[0]!.length], data: Int32Array.from(ids.flat())},
    end: {shape: [n - 1], data: Int32Array.from(shown, (i) => golden.end[i]!)},
  };
}

function difference(behind: HostArray, before: HostArray): HostArray {
  return {shape: behind.shape, data: behind.data.map((value, i) => value - before.data[i]!)};
}

interface Closeness {
  readonly expected: Summary;
  readonly share: number;
  readonly floor: number;
}

/** Norm and probe within a share of the expected norm, plus a floor. */
function expectSummary(name: string, actual: HostArray, {expected, share, floor}: Closeness): void {
  const [norm, probe] = expected;
  const [actualNorm, actualProbe] = summarize(name, actual);
  expect(Math.abs(actualNorm - norm), `norm of ${name}`).toBeLessThan(share * norm + floor);
  expect(Math.abs(actualProbe - probe), `probe of ${name}`).toBeLessThan(share * norm + floor);
}
