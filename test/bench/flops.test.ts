import {readFileSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {architecture} from '../../src/model/architectures.js';
import {imageFlops, textFlops, trainingFlops} from '../../bench/train/flops.js';

interface Golden {
  readonly models: Readonly<Record<string, {image: number; text: number; training: number}>>;
}

const golden = JSON.parse(readFileSync(new URL('../golden/flops.json', import.meta.url), 'utf8')) as Golden;
const models = Object.keys(golden.models);

describe("arithmetic of a training step, beside PyTorch's own count", () => {
  it.each(models)('%s: forward passes agree within 0.1 %%', (name) => {
    const counted = golden.models[name]!;
    const config = architecture(name);
    expect(imageFlops(config) / counted.image).toBeCloseTo(1, 3);
    expect(textFlops(config, 77) / counted.text).toBeCloseTo(1, 3);
  });

  it.each(models)('%s: forward and backward agree within 0.5 %%', (name) => {
    const counted = golden.models[name]!;
    const flops = trainingFlops(architecture(name), {images: 1, texts: [{rows: 1, length: 77}]});
    expect(Math.abs(flops / counted.training - 1)).toBeLessThan(5e-3);
  });

  it('counts rows by their length', () => {
    const config = architecture('ViT-B-32');
    const step = (length: number) => trainingFlops(config, {images: 0, texts: [{rows: 2, length}]});
    expect(step(77)).toBe(6 * textFlops(config, 77));
    expect(step(20)).toBeLessThan(step(77) / 3.7);
  });
});
