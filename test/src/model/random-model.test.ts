import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import type {HostArray} from '../../../src/engine/step.js';
import type {ClipConfig} from '../../../src/model/clip-config.js';
import {createEmbedder} from '../../../src/model/embedder.js';
import {parameterShapes, stateShapes} from '../../../src/model/parameter-shapes.js';
import {randomModel} from '../../../src/model/random-model.js';
import {formulaImages} from '../../support/formula-weights.js';
import {tinyResNet, tinyVit} from '../../support/tiny-clip.js';

const wideVit: ClipConfig = {
  ...tinyVit,
  vision: {...tinyVit.vision, width: 64, mlpWidth: 256},
  embedDim: 32,
  text: {...tinyVit.text, contextLength: 16, width: 48, mlpWidth: 192, layers: 3},
};

function moments(array: HostArray): {mean: number; deviation: number; largest: number} {
  const data = [...array.data];
  const mean = data.reduce((sum, x) => sum + x, 0) / data.length;
  const variance = data.reduce((sum, x) => sum + (x - mean) ** 2, 0) / data.length;
  return {mean, deviation: Math.sqrt(variance), largest: Math.max(...data.map(Math.abs))};
}

describe('randomModel', () => {
  it.each([tinyVit, tinyResNet])('has every weight and statistic in its shape: $vision.kind', (config) => {
    const {weights, state} = randomModel(config, 1);
    const shapes = (arrays: Readonly<Record<string, HostArray>>) =>
      Object.fromEntries(Object.entries(arrays).map(([name, {shape}]) => [name, shape]));
    expect(shapes(weights)).toEqual(parameterShapes(config));
    expect(shapes(state)).toEqual(stateShapes(config));
    for (const {shape, data} of Object.values(weights)) {
      expect(data.length).toBe(shape.reduce((product, length) => product * length, 1));
      expect(data.every(Number.isFinite)).toBe(true);
    }
  });

  it('is the same for the same seed and another for another seed', () => {
    expect(randomModel(tinyVit, 7)).toEqual(randomModel(tinyVit, 7));
    expect(randomModel(tinyVit, 7).weights['visual.proj']).not.toEqual(
      randomModel(tinyVit, 8).weights['visual.proj'],
    );
  });

  it.each([
    ['token_embedding.weight', 0.02],
    ['positional_embedding', 0.01],
    ['text_projection', 48 ** -0.5],
    ['transformer.resblocks.1.attn.in_proj_weight', 48 ** -0.5],
    ['transformer.resblocks.1.attn.out_proj.weight', (2 * 48 * 3) ** -0.5],
    ['transformer.resblocks.1.mlp.c_fc.weight', (2 * 48) ** -0.5],
    ['transformer.resblocks.1.mlp.c_proj.weight', (2 * 48 * 3) ** -0.5],
    ['visual.proj', 64 ** -0.5],
    // uniform numbers have a deviation of bound / sqrt(3)
    ['visual.transformer.resblocks.0.attn.in_proj_weight', (6 / 256 / 3) ** 0.5],
    ['visual.transformer.resblocks.0.mlp.c_proj.weight', (256 * 3) ** -0.5],
  ])('%s has a deviation of %f around 0', (name, expected) => {
    const {mean, deviation, largest} = moments(randomModel(wideVit, 3).weights[name]!);
    expect(Math.abs(mean) / expected).toBeLessThan(0.2);
    expect(deviation / expected).toBeGreaterThan(0.85);
    expect(deviation / expected).toBeLessThan(1.15);
    if (name.startsWith('visual.transformer')) expect(largest).toBeLessThanOrEqual(expected * Math.sqrt(3));
  });

  it('starts norms at the identity, residual ResNet branches and attention biases at zero, the scale at 1/0.07', () => {
    const {weights, state} = randomModel(tinyResNet, 1);
    const values = (name: string) => [...new Set([...(weights[name] ?? state[name])!.data])];
    expect(values('visual.bn1.weight')).toEqual([1]);
    expect(values('visual.bn1.bias')).toEqual([0]);
    expect(values('ln_final.weight')).toEqual([1]);
    expect(values('visual.layer2.0.bn3.weight')).toEqual([0]);
    expect(values('visual.layer2.0.downsample.1.weight')).toEqual([1]);
    expect(values('transformer.resblocks.0.attn.in_proj_bias')).toEqual([0]);
    expect(values('transformer.resblocks.0.mlp.c_fc.bias').length).toBeGreaterThan(1);
    expect(values('visual.bn1.running_mean')).toEqual([0]);
    expect(values('visual.bn1.running_var')).toEqual([1]);
    expect(weights['logit_scale']!.data[0]).toBeCloseTo(2.65926, 5);
  });

  describe('embedded', () => {
    beforeAll(() => startEngine('cpu'));

    it('tells images apart', () => {
      const embedder = createEmbedder(randomModel(tinyResNet, 5));
      const [a, b] = [0, 1].map((i) => embedder.images(formulaImages(2, 32)).subarray(3 * i, 3 * i + 3));
      expect(a).not.toEqual(b);
      embedder.dispose();
    });
  });
});
