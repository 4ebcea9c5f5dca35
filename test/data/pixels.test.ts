import {createHash} from 'node:crypto';
import {readFileSync} from 'node:fs';
import sharp from 'sharp';
import {describe, expect, it} from 'vitest';
import {expectClose} from '../support/expect-close.js';
import {imageRef} from '../support/image-refs.js';
import {matrixOf, readVectors, vectorOf} from '../support/s-clip-vectors.js';
import {readSharedSet, sharedSetNames} from '../support/shared-set.js';
import {evalPixels} from '../support/pixel-rows.js';

const {sets} = JSON.parse(readFileSync(new URL('../golden/pixels_sets.json', import.meta.url), 'utf8')) as {
  sets: Readonly<Record<string, Readonly<Record<string, string>>>>;
};

describe('the first images of every shared set are preprocessed as Pillow and torchvision do, bit for bit', () => {
  it.each(sharedSetNames)('%s', async (name) => {
    const {images} = await readSharedSet(name);
    const first = [...images.keys()].sort().slice(0, 40);
    for (const size of [64, 224]) {
      const preprocess = {
        size,
        interpolation: 'bicubic',
        mean: [0, 0, 0],
        std: [1 / 255, 1 / 255, 1 / 255],
      } as const;
      const hash = createHash('sha256');
      for (const file of first) {
        const pixels = await evalPixels(imageRef(images.get(file)!, file), preprocess);
        hash.update(Uint8Array.from(pixels, (value) => Math.round(value)));
      }
      expect(hash.digest('hex'), `${size} pixels`).toBe(sets[name]![size]);
    }
  });
});

it("pixel_normalise: OpenAI's constants on the vector", async () => {
  const {inputs, expected} = readVectors().get('pixel_normalise')!;
  const [mean, std] = [vectorOf(inputs, 'mean'), vectorOf(inputs, 'std')] as [Triple, Triple];
  const rows = matrixOf(inputs, 'pixels').map(async (pixel) => {
    const image = await sharp(Uint8Array.from(pixel), {raw: {width: 1, height: 1, channels: 3}})
      .png()
      .toBuffer();
    return evalPixels(imageRef(image), {size: 1, interpolation: 'bicubic', mean, std});
  });
  const values = (await Promise.all(rows)).map((row) => [...row]);
  expectClose(values, matrixOf(expected, 'values'));
});

type Triple = [number, number, number];
