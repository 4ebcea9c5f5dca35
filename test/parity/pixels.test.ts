import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {startEngine} from '../../src/engine/backend.js';
import {loadClip} from '../../src/model/checkpoint.js';
import type {PreprocessConfig} from '../../src/model/clip-config.js';
import {createEmbedder} from '../../src/model/embedder.js';
import {imageRef} from '../support/image-refs.js';
import {inTemporaryFolder, runParityScript} from '../support/parity-python.js';
import {readSharedSet, sharedSetNames} from '../support/shared-set.js';
import {evalPixels, stackPixels} from '../support/pixel-rows.js';

const modelFolder = fileURLToPath(new URL('../../../shared/models/tiny-clip-rs', import.meta.url));

interface SetImages {
  readonly name: string;
  readonly images: readonly Buffer[];
}

/** Every nth image of each shared set, `count` in all. */
function sampleImages(count: number): Promise<SetImages[]> {
  return Promise.all(
    sharedSetNames.map(async (name) => {
      const all = [...(await readSharedSet(name)).images].sort(([a], [b]) => (a < b ? -1 : 1));
      const images = Array.from({length: count}, (_, i) => all[Math.floor((i * all.length) / count)]![1]);
      return {name, images};
    }),
  );
}

/** Writes the images of all sets for pixels.py and runs it; starting Python takes longer than its work. */
function runPixels(
  folder: string,
  sets: readonly SetImages[],
  task: PreprocessConfig,
  ...model: readonly string[]
) {
  const images = sets.flatMap((set) => set.images);
  const files = images.map((_, i) => `${i}.webp`);
  files.forEach((file, i) => writeFileSync(join(folder, file), images[i]!));
  writeFileSync(join(folder, 'task.json'), JSON.stringify({...task, files}));
  runParityScript('pixels.py', folder, ...model);
}

const report: string[] = [];
afterAll(() => console.log(report.join('\n')));

describe('pixels are those of Pillow and torchvision', () => {
  it.each([
    [64, 300],
    [224, 100],
  ])('at %i pixels, %i images of every shared set', async (size, count) => {
    const sets = await sampleImages(count);
    const task = {size, interpolation: 'bicubic', mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255]} as const;
    await inTemporaryFolder(async (folder) => {
      runPixels(folder, sets, task);
      const levels = readFileSync(join(folder, 'levels.bin'));
      const length = count * size * size * 3;
      for (const [i, set] of sets.entries()) {
        const {mean, maximum} = await differenceOf(set, task, levels.subarray(i * length, (i + 1) * length));
        report.push(`${set.name} at ${size}: mean difference ${mean}, maximum ${maximum} levels`);
        expect(maximum, set.name).toBe(0);
      }
    });
  });
});

/** How far our levels are from the expected ones. */
async function differenceOf({images}: SetImages, task: PreprocessConfig, expected: Buffer) {
  let sum = 0;
  let maximum = 0;
  for (const [i, image] of images.entries()) {
    const pixels = await evalPixels(imageRef(image), task);
    pixels.forEach((value, j) => {
      const difference = Math.abs(Math.round(value) - expected[i * pixels.length + j]!);
      sum += difference;
      maximum = Math.max(maximum, difference);
    });
  }
  return {mean: sum / expected.length, maximum};
}

describe('features of tiny-clip-rs, from file to feature, are those of open_clip and transformers', () => {
  beforeAll(() => startEngine('tensorflow'));

  it('have a cosine of at least 0.999 on 32 images of every shared set', async () => {
    const sets = await sampleImages(32);
    const model = await loadClip(modelFolder);
    const {preprocess, embedDim} = model.config;
    const embedder = createEmbedder(model);
    await inTemporaryFolder(async (folder) => {
      runPixels(folder, sets, preprocess, modelFolder);
      const bytes = readFileSync(join(folder, 'features.bin'));
      for (const [i, {name, images}] of sets.entries()) {
        const rows = await Promise.all(images.map((image) => evalPixels(imageRef(image), preprocess)));
        const features = embedder.images(stackPixels(rows, preprocess.size));
        const start = i * features.length;
        const expected = features.map((_, j) => bytes.readFloatLE((start + j) * 4));
        const cosines = images.map((_, row) => {
          const [from, to] = [row * embedDim, (row + 1) * embedDim];
          return cosine(features.subarray(from, to), expected.subarray(from, to));
        });
        report.push(`${name}: smallest feature cosine ${Math.min(...cosines)}`);
        expect(Math.min(...cosines), name).toBeGreaterThanOrEqual(0.999);
      }
    });
    embedder.dispose();
  });
});

function cosine(a: Float32Array, b: Float32Array): number {
  const product = a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return product / (Math.hypot(...a) * Math.hypot(...b));
}
