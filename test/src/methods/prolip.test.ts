import {beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../../src/engine/backend.js';
import type {HostArray, HostArrays} from '../../../src/engine/step.js';
import prolip from '../../../src/methods/prolip.js';
import {accuracy} from '../../../src/methods/shared/class-rows.js';
import {plantedClasses, solvePlanted, type Planted} from '../../support/class-problem.js';
import {tinyResNet, tinyVit} from '../../support/tiny-clip.js';

beforeAll(async () => {
  await startEngine('auto');
});

const dim = 24;
const options = {classes: 6, shots: 8, dim, imageNoise: 1.1, promptNoise: 4, gap: 8} as const;

function identity(): HostArray {
  const data = new Float32Array(dim * dim);
  for (let i = 0; i < dim; i++) data[i * (dim + 1)] = 1;
  return {shape: [dim, dim], data};
}

const vitWeights: HostArrays = {'visual.proj': identity()};
const resNetWeights: HostArrays = {
  'visual.attnpool.c_proj.weight': identity(),
  'visual.attnpool.c_proj.bias': {shape: [dim], data: new Float32Array(dim)},
};

/** Accuracy by the prompts behind a projection [w, d]. */
function accuracyBehind(projection: HostArray, {unseen, prompts, labels}: Planted): number {
  const n = labels.length;
  const classes = prompts.shape[0]!;
  const logits = new Float32Array(n * classes);
  for (let i = 0; i < n; i++) {
    const projected = Array.from({length: dim}, (_, k) =>
      Array.from({length: dim}, (__, j) => unseen.data[i * dim + j]! * projection.data[j * dim + k]!).reduce(
        (a, b) => a + b,
      ),
    );
    for (let c = 0; c < classes; c++) {
      logits[i * classes + c] = projected.reduce(
        (sum, value, k) => sum + value * prompts.data[c * dim + k]!,
        0,
      );
    }
  }
  return accuracy({shape: [n, classes], data: logits}, labels);
}

describe('prolip', () => {
  it('sorts images it has not seen better than before, by 0.2 and more', async () => {
    for (const seed of [1, 2, 3]) {
      const planted = plantedClasses({...options, seed});
      const {weights} = await solvePlanted(prolip, {rate: 1e-2}, planted, {weights: vitWeights});
      const after = accuracyBehind(weights!['visual.proj']!, planted);
      expect(after).toBeGreaterThan(accuracyBehind(identity(), planted) + 0.2);
    }
  });

  it('changes the last layer of a transformer alone, which has 393,216 weights in ViT-B/32', async () => {
    const planted = plantedClasses({...options, seed: 4});
    const {weights, head} = await solvePlanted(prolip, {epochs: 1}, planted, {weights: vitWeights});
    expect(Object.keys(weights!)).toEqual(['visual.proj']);
    expect(head).toBeUndefined();
    expect(768 * 512).toBe(393_216);
  });

  it('of a ResNet changes the output of the attention pool, not its bias', async () => {
    const planted = plantedClasses({...options, seed: 5});
    const changes = {config: tinyResNet, weights: resNetWeights};
    const {weights} = await solvePlanted(prolip, {rate: 1e-2}, planted, changes);
    expect(Object.keys(weights!)).toEqual(['visual.attnpool.c_proj.weight']);
    const {weights: ofVit} = await solvePlanted(prolip, {rate: 1e-2}, planted, {
      config: tinyVit,
      weights: vitWeights,
    });
    const [across, down] = [weights!['visual.attnpool.c_proj.weight']!.data, ofVit!['visual.proj']!.data];
    for (let i = 0; i < dim; i++) {
      for (let k = 0; k < dim; k++) expect(across[k * dim + i]).toBeCloseTo(down[i * dim + k]!, 4);
    }
  });

  it('stays where it was under a heavy anchor', async () => {
    const planted = plantedClasses({...options, seed: 6});
    const moved = async (anchor: number) => {
      const {weights} = await solvePlanted(prolip, {rate: 1e-3, anchor}, planted, {weights: vitWeights});
      return Math.hypot(...weights!['visual.proj']!.data.map((value, i) => value - identity().data[i]!));
    };
    expect(await moved(1000)).toBeLessThan(0.05 * (await moved(0)));
  });
});
