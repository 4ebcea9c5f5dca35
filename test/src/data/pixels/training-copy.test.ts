import sharp from 'sharp';
import {describe, expect, it} from 'vitest';
import {decodeImage} from '../../../../src/data/pixels/decode.js';
import type {RgbImage} from '../../../../src/data/pixels/rgb-image.js';
import {cropCopy, trainingCopy} from '../../../../src/data/pixels/training-copy.js';
import {uniform} from '../../../../src/engine/random.js';
import {imageRef} from '../../../support/image-refs.js';

/** Waves of several lengths in both directions, and a board of sharp edges. */
function waves(width: number, height: number): RgbImage {
  const pixels255 = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = (y * width + x) * 3;
      const [across, down] = [(20 * x) / width, (20 * y) / height];
      pixels255[at] = 128 + 100 * Math.sin(across) * Math.cos(1.7 * down);
      pixels255[at + 1] = 128 + 60 * Math.sin(across + down) + 40 * Math.sin(3 * down);
      pixels255[at + 2] = (Math.floor(across / 1.5) + Math.floor(down / 1.3)) % 2 === 0 ? 30 : 220;
    }
  }
  return {width, height, pixels255};
}

function meanDifference(a: Uint8Array, b: Uint8Array): number {
  return a.reduce((sum, level, i) => sum + Math.abs(level - b[i]!), 0) / a.length;
}

const drawsOf = (i: number) =>
  [uniform(1, i, 0), uniform(1, i, 1), uniform(1, i, 2), uniform(1, i, 3)] as const;
const preprocess = {size: 32, interpolation: 'bicubic'} as const;

describe('trainingCopy', () => {
  it.each([
    [72, 200],
    [72, 72],
    [20, 10],
  ])('%i x %i at 32 is the image itself', async (width, height) => {
    const image = waves(width, height);
    const copy = await trainingCopy(image, 32);
    expect(copy.image).toBe(image);
    expect(copy.source).toEqual({width, height});
  });

  it.each([
    [73, 200, 72, 197],
    [640, 480, 96, 72],
    [3000, 4000, 72, 96],
  ])('%i x %i at 32 is reduced to %i x %i', async (width, height, toWidth, toHeight) => {
    const {image, source} = await trainingCopy(waves(width, height), 32);
    expect([image.width, image.height]).toEqual([toWidth, toHeight]);
    expect(image.pixels255.length).toBe(toWidth * toHeight * 3);
    expect(source).toEqual({width, height});
  });

  it('no crop of a copy is enlarged, whatever the shape of the image', async () => {
    for (const [width, height] of [
      [400, 400],
      [640, 300],
      [300, 400],
    ] as const) {
      const {image, source} = await trainingCopy(waves(width, height), 32);
      expect(0.9 * Math.min(image.width, image.height)).toBeGreaterThanOrEqual(64);
      expect(image.width / source.width).toBeCloseTo(image.height / source.height, 2);
    }
  });
});

describe('cropCopy', () => {
  it.each([
    [600, 500],
    [333, 380],
    [1500, 1250],
  ])('of a reduced copy of %i x %i shows what the image itself would', async (width, height) => {
    const image = waves(width, height);
    const copy = await trainingCopy(image, 32);
    expect(copy.image.width).toBeLessThan(width);
    for (let i = 0; i < 5; i++) {
      const [exact, near] = [{image, source: image}, copy].map(
        (from) => cropCopy(from, preprocess, {draws: drawsOf(i)}).pixels255,
      ) as [Uint8Array, Uint8Array];
      // another crop of the same image differs by tens of levels
      expect(meanDifference(near, exact)).toBeLessThan(1.5);
      const other = cropCopy({image, source: image}, preprocess, {draws: drawsOf(i + 1)}).pixels255;
      expect(meanDifference(other, exact)).toBeGreaterThan(3);
    }
  });

  it('reduces an image in colour without alpha or profile from what was decoded', async () => {
    const png = await sharp({create: {width: 300, height: 200, channels: 3, background: '#0a84ff'}})
      .png()
      .toBuffer();
    const copy = await trainingCopy(await decodeImage(imageRef(png), 32), 32);
    const {pixels255} = cropCopy(copy, preprocess, {draws: drawsOf(0)});
    expect([...pixels255.subarray(0, 3)]).toEqual([0x0a, 0x84, 0xff]);
    expect(new Set(pixels255).size).toBe(3);
  });
});

it('a mirrored crop is the same crop with left and right exchanged', async () => {
  const copy = await trainingCopy(waves(60, 48), 32);
  const upright = cropCopy(copy, preprocess, {draws: drawsOf(3)});
  const mirrored = cropCopy(copy, preprocess, {draws: drawsOf(3), mirrored: true});
  const flipped = await sharp(upright.pixels255, {raw: {width: 32, height: 32, channels: 3}})
    .flop()
    .raw()
    .toBuffer();
  expect(Buffer.from(mirrored.pixels255).equals(flipped)).toBe(true);
  expect(meanDifference(mirrored.pixels255, upright.pixels255)).toBeGreaterThan(1);
});
