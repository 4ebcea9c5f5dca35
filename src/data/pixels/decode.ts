import sharp, {type Sharp} from 'sharp';
import {UserError} from '../../support/errors.js';
import type {ImageRef} from '../rows.js';
import {imageError, tooManyPixels} from './image-fault.js';
import {colourJpegSize} from './jpeg-header.js';
import type {RgbImage} from './rgb-image.js';

/** What decoding needs of an image. */
export type EncodedImage = Pick<ImageRef, 'place' | 'read' | 'background'>;

/** OpenCLIP's limit: a small file can unpack to gigabytes. */
export const pixelLimit = 25_000_000;

/**
 * As Pillow's `convert('RGB')` sees an image: colour profile and EXIF orientation are ignored. What Pillow forgives
 * (garbage inside JPEG data) is forgiven, what it does not (a missing end) is not. The pixel limit is checked here.
 */
export const asPillow = {
  failOn: 'error',
  ignoreIcc: true,
  limitInputPixels: false,
  sequentialRead: true,
} as const;

/**
 * Decodes an image to 8-bit RGB, the first frame where there are several: alpha is dropped (not blended) unless
 * the image has a background, CMYK is converted without a profile, of 16 bits the upper 8 are kept. Vector graphics are drawn on white, the shorter side
 * at least `vectorSide` pixels.
 * @throws UserError with exit code `data`, `place: expected an image, got ...`, when it cannot be decoded.
 */
export async function decodeImage(image: EncodedImage, vectorSide: number): Promise<RgbImage> {
  return explainFaults(image, async (content) => {
    const photograph = colourJpegSize(content);
    if (photograph) {
      checkSize(image, photograph);
      return decodeRgb(content);
    }
    const {format, space, ...size} = await sharp(content, asPillow).metadata();
    if (format === 'svg') return drawVector(image, content, {...size, vectorSide});
    checkSize(image, size);
    if (space === 'cmyk') return decodeCmyk(content);
    return image.background === undefined ? decodeRgb(content) : decodeOn(image.background, content);
  });
}

/**
 * Width and height of an image in pixels, from its header alone; vector graphics in their own units.
 * @throws UserError with exit code `data` when it is not an image.
 */
export async function imageSize(image: EncodedImage): Promise<Size> {
  return explainFaults(image, async (content) => {
    const {width, height} = await sharp(content, asPillow).metadata();
    return {width, height};
  });
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

async function explainFaults<T>(image: EncodedImage, decode: (content: Buffer) => Promise<T>): Promise<T> {
  const content = await image.read();
  try {
    return await decode(content);
  } catch (error) {
    throw error instanceof UserError ? error : imageError(image.place, content, error as Error);
  }
}

function checkSize({place}: EncodedImage, {width, height}: Size): void {
  if (width * height > pixelLimit) throw tooManyPixels(place, {width, height, limit: pixelLimit});
}

function drawVector(
  image: EncodedImage,
  content: Buffer,
  {width, height, vectorSide}: Size & {readonly vectorSide: number},
): Promise<RgbImage> {
  const scale = Math.max(vectorSide / Math.min(width, height), 1);
  checkSize(image, {width: Math.ceil(width * scale), height: Math.ceil(height * scale)});
  const drawing = sharp(content, {...asPillow, density: 72 * scale});
  return rawPixels(drawing.flatten({background: 'white'}));
}

function decodeRgb(content: Buffer): Promise<RgbImage> {
  return rawPixels(sharp(content, asPillow).removeAlpha());
}

function decodeOn(background: NonNullable<ImageRef['background']>, content: Buffer): Promise<RgbImage> {
  return rawPixels(sharp(content, asPillow).flatten({background}));
}

async function rawPixels(decoder: Sharp): Promise<RgbImage> {
  const {data, info} = await decoder.toColourspace('srgb').raw().toBuffer({resolveWithObject: true});
  return {width: info.width, height: info.height, pixels255: data};
}

/** Each ink takes its part of the light that black leaves, rounded as Pillow rounds. */
async function decodeCmyk(content: Buffer): Promise<RgbImage> {
  const inks = sharp(content, asPillow).pipelineColourspace('cmyk').toColourspace('cmyk');
  const {data, info} = await inks.raw().toBuffer({resolveWithObject: true});
  const pixels255 = new Uint8Array(info.width * info.height * 3);
  for (let pixel = 0; pixel < info.width * info.height; pixel++) {
    const light = 255 - data[pixel * 4 + 3]!;
    for (let channel = 0; channel < 3; channel++) {
      const product = data[pixel * 4 + channel]! * light + 128;
      pixels255[pixel * 3 + channel] = light - (((product >> 8) + product) >> 8);
    }
  }
  return {width: info.width, height: info.height, pixels255};
}
