import {describe, expect, it, beforeAll} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import type {HostArray} from '../../../src/engine/step.js';
import {randomModel} from '../../../src/model/random-model.js';
import {createTokenEmbedder} from '../../../src/model/diagnostics/token-embedder.js';
import {loadTokenHeads, saveTokenHeads, type TokenHeads} from '../../../src/model/token-heads.js';
import {formulaImages} from '../../support/formula-weights.js';
import {temporaryFolder} from '../../support/temporary-folder.js';
import {tinyResNet, tinyVit} from '../../support/tiny-clip.js';

const root = temporaryFolder();
const dim = 6;

beforeAll(async () => {
  await startEngine('auto');
});

function headsFor(image: number, text: number): TokenHeads {
  const head = (width: number) => ({
    weight: {shape: [dim, width], data: Float32Array.from({length: dim * width}, (_, i) => Math.sin(i))},
    bias: {shape: [dim], data: Float32Array.from({length: dim}, (_, i) => Math.cos(i))},
  });
  return {method: 'filip', image: head(image), text: head(text)};
}

const heads = headsFor(tinyVit.vision.width, tinyVit.text.width);

describe('token heads', () => {
  it('are what was saved', async () => {
    await saveTokenHeads(root, heads);
    expect(await loadTokenHeads(root, {config: tinyVit})).toEqual(heads);
    expect(await loadTokenHeads(`${root}/nowhere`, {config: tinyVit})).toBeUndefined();
  });

  it('of another model are refused in one sentence', async () => {
    await saveTokenHeads(root, headsFor(3, 4));
    await expect(loadTokenHeads(root, {config: tinyVit})).rejects.toThrow(
      `token-heads.safetensors: expected image.weight of shape [6, ${tinyVit.vision.width}], got [6, 3]`,
    );
  });

  it.each([
    ['patches without the class token', tinyVit, tinyVit.vision.width],
    ['pixels of the last map', tinyResNet, 32 * tinyResNet.vision.width],
  ] as const)('read %s, and all words, as rows of unit length', (_name, config, width) => {
    const reader = createTokenEmbedder(randomModel(config, 1), headsFor(width, config.text.width));
    const images = reader.patches(formulaImages(2, config.vision.imageSize));
    const ids = {shape: [2, 4], data: Int32Array.of(9, 1, 2, 10, 9, 3, 10, 0)};
    const texts = reader.words(ids);
    reader.dispose();
    expect(texts.shape).toEqual([2, 4, dim]);
    expect([images.shape[0], images.shape[2]]).toEqual([2, dim]);
    for (const rows of [images, texts]) for (const length of lengths(rows)) expect(length).toBeCloseTo(1, 5);
  });
});

function lengths({data}: HostArray): number[] {
  return Array.from({length: data.length / dim}, (_, row) =>
    Math.hypot(...data.subarray(row * dim, (row + 1) * dim)),
  );
}
