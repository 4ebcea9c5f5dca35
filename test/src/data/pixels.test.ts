import {readFileSync} from 'node:fs';
import sharp from 'sharp';
import {describe, expect, it} from 'vitest';
import {imageSize} from '../../../src/data/pixels.js';
import type {CropDraws} from '../../../src/data/pixels/crop-box.js';
import {decodeImage} from '../../../src/data/pixels/decode.js';
import {resample} from '../../../src/data/pixels/resample.js';
import {cropCopy} from '../../../src/data/pixels/training-copy.js';
import type {PreprocessConfig} from '../../../src/model/clip-config.js';
import {imageRef} from '../../support/image-refs.js';
import {evalPixels, trainPixels} from '../../support/pixel-rows.js';

interface Case {
  readonly name: string;
  readonly size: number;
  readonly interpolation: PreprocessConfig['interpolation'];
  readonly file: string;
  readonly levels: string;
}

interface Golden {
  readonly normalized: {readonly size: number; readonly file: string; readonly values: string};
  readonly sizes: readonly Case[];
  readonly formats: readonly Case[];
  readonly crops: ReadonlyArray<{
    width: number;
    height: number;
    draws: CropDraws;
    file: string;
    levels: string;
  }>;
  readonly regions: ReadonlyArray<{
    readonly width: number;
    readonly height: number;
    readonly size: readonly [number, number];
    readonly region: readonly [number, number, number, number];
    readonly interpolation: PreprocessConfig['interpolation'];
    readonly file: string;
    readonly levels: string;
  }>;
}

const golden = JSON.parse(
  readFileSync(new URL('../../golden/pixels.json', import.meta.url), 'utf8'),
) as Golden;

const openAi = {
  interpolation: 'bicubic',
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
} as const;

/** Undoes the normalisation by 0 and 1 / 255, which leaves the 8-bit levels. */
const levels = {mean: [0, 0, 0], std: [1 / 255, 1 / 255, 1 / 255]} as const;

function levelsOf(pixels: Float32Array): number[] {
  return Array.from(pixels, (value) => Math.round(value));
}

function fileOf({file}: {file: string}) {
  return imageRef(Buffer.from(file, 'base64'));
}

function bytesOf(base64: string): number[] {
  return [...Buffer.from(base64, 'base64')];
}

describe('evaluation pixels are those of Pillow and torchvision, bit for bit', () => {
  it.each(golden.sizes)('$name', async (one) => {
    const pixels = await evalPixels(fileOf(one), {
      ...levels,
      size: one.size,
      interpolation: one.interpolation,
    });
    expect(levelsOf(pixels)).toEqual(bytesOf(one.levels));
  });

  it.each(golden.formats)('$name', async (one) => {
    const pixels = await evalPixels(fileOf(one), {
      ...levels,
      size: one.size,
      interpolation: one.interpolation,
    });
    expect(levelsOf(pixels)).toEqual(bytesOf(one.levels));
  });

  it("normalised values are OpenCLIP's", async () => {
    const {size, values} = golden.normalized;
    const pixels = await evalPixels(fileOf(golden.normalized), {...openAi, size});
    const bytes = Buffer.from(values, 'base64');
    const expected = Float32Array.from({length: size * size * 3}, (_, i) => bytes.readFloatLE(i * 4));
    expect(pixels).toEqual(expected);
  });
});

describe('regions that cut through pixels are resized as by Pillow, bit for bit', () => {
  it.each(golden.regions)('$region of $width x $height to $size, $interpolation', async (one) => {
    const [width, height] = one.size;
    const [left, top, right, bottom] = one.region;
    const {pixels255} = resample(await decodeImage(fileOf(one), 1), {
      width,
      height,
      interpolation: one.interpolation,
      window: {left: 0, top: 0, width, height},
      region: {left, top, right, bottom},
    });
    expect([...pixels255]).toEqual(bytesOf(one.levels));
  });
});

describe('training pixels', () => {
  it.each(golden.crops)('$width x $height with $draws are those of RandomResizedCrop', async (one) => {
    const image = await decodeImage(fileOf(one), 13);
    const {pixels255} = cropCopy({image, source: image}, {size: 13, interpolation: 'bicubic'}, one);
    expect([...pixels255]).toEqual(bytesOf(one.levels));
  });

  it('of an image that is not much larger than the tower sees are those of the image itself', async () => {
    const one = golden.crops.find(({height}) => height === 20)!;
    const image = await decodeImage(fileOf(one), 13);
    const {pixels255} = cropCopy({image, source: image}, {size: 13, interpolation: 'bicubic'}, one);
    const pixels = await trainPixels(fileOf(one), {...levels, size: 13, interpolation: 'bicubic'}, one.draws);
    expect(levelsOf(pixels)).toEqual([...pixels255]);
  });

  it('same draws, same pixels; other draws, other pixels', async () => {
    const image = fileOf(golden.crops[0]!);
    const preprocess = {...openAi, size: 13};
    const first = await trainPixels(image, preprocess, [0.1, 0.9, 0.4, 0.7]);
    expect(await trainPixels(image, preprocess, [0.1, 0.9, 0.4, 0.7])).toEqual(first);
    expect(await trainPixels(image, preprocess, [0.6, 0.45, 0.1, 0.2])).not.toEqual(first);
  });
});

describe('vector graphics', () => {
  const svg = (size: string) =>
    imageRef(
      Buffer.from(
        `<svg xmlns="http://www.w3.org/2000/svg" ${size}><rect width="12" height="24" fill="#0000ff"/></svg>`,
      ),
    );

  it('are drawn at the size that is needed, on white', async () => {
    const size = 48;
    const pixels = levelsOf(
      await evalPixels(svg('viewBox="0 0 24 24"'), {...levels, size, interpolation: 'bicubic'}),
    );
    const row = pixels.slice(0, size * 3);
    expect(row.slice(0, 3)).toEqual([0, 0, 255]);
    expect(row.slice(-3)).toEqual([255, 255, 255]);
    // Drawn at 48 pixels the edge is sharp; drawn at 24 and enlarged it would be grey.
    expect(row.filter((level) => level !== 0 && level !== 255)).toEqual([]);
  });

  it('larger than the limit are refused before they are drawn', async () => {
    const huge = svg('width="20000" height="20000"');
    await expect(evalPixels(huge, {...levels, size: 8, interpolation: 'bicubic'})).rejects.toMatchObject({
      message: 'set: images/a: expected an image, got too many pixels: 20000 x 20000, the limit is 25000000',
      exit: 3,
    });
  });
});

it('a strip of one pixel by a million is cropped without being resized whole', async () => {
  const strip = await sharp({create: {width: 1, height: 1_000_000, channels: 3, background: '#102030'}})
    .png()
    .toBuffer();
  const pixels = await evalPixels(imageRef(strip), {...levels, size: 32, interpolation: 'bicubic'});
  expect(levelsOf(pixels).slice(0, 3)).toEqual([16, 32, 48]);
});

describe('imageSize', () => {
  it('reads the header as it is, turned or not, large or not', async () => {
    const turned = await sharp({create: {width: 40, height: 30, channels: 3, background: 'red'}})
      .withExif({IFD0: {Orientation: '6'}})
      .jpeg()
      .toBuffer();
    expect(await imageSize(imageRef(turned))).toEqual({width: 40, height: 30});
    const large = await sharp({create: {width: 6000, height: 5000, channels: 3, background: 'red'}})
      .png()
      .toBuffer();
    expect(await imageSize(imageRef(large))).toEqual({width: 6000, height: 5000});
  });

  it('of something else is an error', async () => {
    await expect(imageSize(imageRef(Buffer.from('hello')))).rejects.toThrow(
      'set: images/a: expected an image, got other content: text',
    );
  });
});
