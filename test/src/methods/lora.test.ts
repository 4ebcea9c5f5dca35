import {beforeAll, describe, expect, it} from 'vitest';
import {trainedModel} from '../../../src/app/training/trained-model.js';
import {startEngine} from '../../../src/engine/backend.js';
import {extraWeights, partOf} from '../../../src/methods/contract/parts.js';
import lora from '../../../src/methods/lora.js';
import {architecture} from '../../../src/model/architectures.js';
import {parameterShapes, sizeOf} from '../../../src/model/parameter-shapes.js';
import {randomModel} from '../../../src/model/random-model.js';
import {expectClose} from '../../support/expect-close.js';
import {compileOnRandom, runStep, towers, trainOnRandom} from '../../support/method-training.js';
import {tinyResNet, tinyVit} from '../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

const countOf = (weights: ReturnType<typeof extraWeights>) =>
  Object.values(weights).reduce((sum, {shape}) => sum + sizeOf(shape), 0);

describe('the updates', () => {
  it.each(['ViT-B-32', 'ViT-B-16'])('of %s are the 184,320 numbers of CLIP-LoRA', (name) => {
    const config = architecture(name);
    expect(countOf(extraWeights([partOf(lora)], config, 0))).toBe(184_320);
    expect(countOf(extraWeights([partOf(lora, {towers: 'image'})], config, 0))).toBe(110_592);
    expect(countOf(extraWeights([partOf(lora, {towers: 'text', projections: 'qv'})], config, 0))).toBe(
      49_152,
    );
  });

  it('of a ResNet are those of its text tower', () => {
    const [own, text] = [{}, {towers: 'text'}].map((params) =>
      extraWeights([partOf(lora, params)], tinyResNet, 0),
    );
    expect(own).toEqual(text);
    expect(countOf(own!)).toBeGreaterThan(0);
  });

  it.each(['vit', 'resnet'] as const)(
    'of a %s are nothing before training: the model is the same to the bit',
    (tower) => {
      const parts = [partOf(lora)];
      const compiled = compileOnRandom(parts, towers[tower]);
      const {weights, state, ...frame} = randomModel(towers[tower], 3);
      expect(trainedModel(frame, parts, compiled)).toEqual({...frame, weights, state});
      compiled.dispose();
    },
  );
});

describe('a model with merged updates', () => {
  it('is W + g B A in the rows of the projections that train, and the model before elsewhere', () => {
    const parts = [partOf(lora, {rank: 2, loraAlpha: 3, projections: 'qv'})];
    const compiled = compileOnRandom(parts, tinyVit);
    for (const step of [0, 1, 2]) runStep(compiled, {parts, config: tinyVit, rate: 0.05}, step);
    const {weights: before, ...frame} = randomModel(tinyVit, 3);
    const {weights} = trainedModel(frame, parts, compiled);
    const read = (name: string) => compiled.read(`weights/lora/${name}`);
    for (const name of Object.keys(parameterShapes(tinyVit))) {
      const [, block] = /^(.*)\.attn\.in_proj_weight$/.exec(name) ?? [];
      if (block === undefined) {
        expect(weights[name], name).toEqual(before[name]);
        continue;
      }
      const width = before[name]!.shape[1]!;
      const expected = Array.from(before[name]!.data, (value, i) => {
        const [row, column] = [Math.floor(i / width), i % width];
        const projection = 'qkv'[Math.floor(row / width)]!;
        if (projection === 'k') return value;
        const [up, down] = [read(`${block}.${projection}.up`).data, read(`${block}.${projection}.down`).data];
        const sum = [0, 1].reduce(
          (total, r) => total + up[(row % width) * 2 + r]! * down[r * width + column]!,
          0,
        );
        return value + (3 / Math.sqrt(2)) * sum;
      });
      expectClose(weights[name]!.data, expected);
      expect(weights[name]).not.toEqual(before[name]);
    }
    compiled.dispose();
  });

  it('trains the updates and nothing else', () => {
    const {held} = trainOnRandom([partOf(lora)], tinyVit, {steps: 1});
    const moments = Object.keys(held).filter((name) => name.startsWith('moment1/'));
    expect(moments.length).toBeGreaterThan(0);
    expect(moments.filter((name) => !name.startsWith('moment1/lora/'))).toEqual([]);
  });
});
