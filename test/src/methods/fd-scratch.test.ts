import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import type {HostArray} from '../../../src/engine/step.js';
import fdScratch from '../../../src/methods/fd-scratch.js';
import {requestedDraws} from '../../../src/methods/contract/own-inputs.js';
import {nothingOutside} from '../../../src/methods/contract/outside.js';
import {extraWeights, ownEntries, partOf, type Part} from '../../../src/methods/contract/parts.js';
import {architecture} from '../../../src/model/architectures.js';
import {randomModel} from '../../../src/model/random-model.js';
import {relativeVitConfig, relativeVitWeights} from '../../../src/model/relative-vit.js';
import {sizeOf} from '../../../src/model/parameter-shapes.js';
import {compileOnRandom, flatNumbers, runStep, trainOnRandom} from '../../support/method-training.js';
import {expectClose} from '../../support/expect-close.js';
import {tinyVit} from '../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

const eager = {capture: false} as const;

it('the CLIP keeps its bits, and everything of the student trains', () => {
  const {held} = trainOnRandom([partOf(fdScratch)], tinyVit, {steps: 2, mode: eager});
  for (const [name, {data}] of Object.entries(randomModel(tinyVit, 3).weights)) {
    expect(held[`weights/${name}`]!.data, name).toEqual(data);
  }
  const student = Object.keys(relativeVitWeights(relativeVitConfig(tinyVit)));
  for (const name of student) {
    expect(
      held[`moment2/fd-scratch/${name}`]!.data.some((value) => value > 0),
      name,
    ).toBe(true);
  }
});

it('without dropped paths nothing is drawn, with them the loss is another', () => {
  const sizes = {paired: 4, unpaired: 3};
  const drawn = (dropPath: number) => requestedDraws([partOf(fdScratch, {dropPath})], tinyVit, sizes);
  expect(drawn(0)).toEqual({});
  expect(drawn(0.5)).toEqual({'fd-scratch/draw.paths': [7, 4]});
  const lossOf = (dropPath: number) =>
    trainOnRandom([partOf(fdScratch, {dropPath})], tinyVit, {steps: 1, mode: eager}).numbers[0]!.loss;
  expect(lossOf(0.9)).not.toBe(lossOf(0));
});

it('learns the tokens of one batch by heart', () => {
  const parts = [partOf(fdScratch, {dropPath: 0})];
  const compiled = compileOnRandom(parts, tinyVit, {epsilon: 1e-8, weightDecay: 0}, eager);
  const losses = Array.from(
    {length: 150},
    (_, step) => runStep(compiled, {parts, config: tinyVit, batch: 0, rate: 2e-2}, step).loss,
  );
  compiled.dispose();
  expect(losses.at(-1)).toBeLessThan(0.5 * losses[0]!);
});

it('has the student of ViT-B/32 and a projection of the published size', () => {
  const params = fdScratch.params.parse({});
  const setting = {config: architecture('ViT-B-32'), params, sizes: {captioned: 0, keywords: 0}};
  const made = fdScratch.extras!({...setting, outside: nothingOutside});
  const count = (names: (name: string) => boolean) =>
    Object.entries(made).reduce((sum, [name, {shape}]) => (names(name) ? sum + sizeOf(shape) : sum), 0);
  expect(count((name) => name.startsWith('projection.'))).toBe(590_592);
  expect(count((name) => name === 'relative_position_bias')).toBe(2064);
});

it('keeps the student beside the model, with what it takes to rebuild it', () => {
  const params = fdScratch.params.parse({});
  const part: Part = partOf(fdScratch);
  const extras = ownEntries<HostArray>(extraWeights([part], tinyVit, 1), fdScratch);
  const {name, arrays, about} = fdScratch.keeps!({config: tinyVit, params, extras});
  expect(name).toBe('fd-student');
  expect(arrays).toBe(extras);
  expect(about).toMatchObject({width: 4, layers: 2, heads: 2, activation: 'gelu', teacher: 'start'});
});

describe('a captured step', () => {
  it('is an eager one', () => {
    const [slow, fast] = [false, true].map((capture) =>
      trainOnRandom([partOf(fdScratch)], tinyVit, {steps: 2, mode: {capture}}).numbers.map(flatNumbers),
    );
    expectClose(fast!, slow!);
  });
});
