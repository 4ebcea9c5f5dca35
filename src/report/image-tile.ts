import sharp, {type Sharp} from 'sharp';
import {heatColour, sharesOfRange, type Rgb} from './colour-ramp.js';

/** A square image, [side, side, 3], 0 to 255. */
export interface SquareImage {
  readonly pixels255: Uint8Array;
  readonly side: number;
}

/** What is laid over an image, row by row. */
export interface Overlay<T> {
  readonly rows: number;
  readonly columns: number;
  /** [rows * columns]. */
  readonly values: readonly T[];
}

/** The image alone, as a PNG of `size` x `size` pixels. */
export async function plainTile(image: SquareImage, size: number): Promise<Buffer> {
  return enlarged(image, size).png().toBuffer();
}

/** The image with heat over it, smooth between the values: the lowest is dark and see-through, the highest bright. */
export async function heatTile(
  image: SquareImage,
  {rows, columns, values}: Overlay<number>,
  size: number,
): Promise<Buffer> {
  const shares = sharesOfRange(values);
  const cells = shares.map((share): [Rgb, number] => [heatColour(share), Math.round(60 + 150 * share)]);
  return overlaid(image, {rows, columns, values: cells}, {size, kernel: 'cubic'});
}

/** The image with one colour a place. */
export async function mosaicTile(
  image: SquareImage,
  {rows, columns, values}: Overlay<Rgb>,
  size: number,
): Promise<Buffer> {
  const cells = values.map((colour): [Rgb, number] => [colour, 150]);
  return overlaid(image, {rows, columns, values: cells}, {size, kernel: 'nearest'});
}

/** A matrix of numbers as a picture by itself, one square a number. */
export async function matrixTile({rows, columns, values}: Overlay<number>, size: number): Promise<Buffer> {
  const pixels = Uint8Array.from(sharesOfRange(values).flatMap((share) => heatColour(share)));
  return sharp(pixels, {raw: {width: columns, height: rows, channels: 3}})
    .resize(size, size, {kernel: 'nearest', fit: 'fill'})
    .png()
    .toBuffer();
}

async function overlaid(
  image: SquareImage,
  {rows, columns, values}: Overlay<readonly [Rgb, number]>,
  {size, kernel}: {readonly size: number; readonly kernel: 'cubic' | 'nearest'},
): Promise<Buffer> {
  const pixels = Uint8Array.from(values.flatMap(([colour, alpha]) => [...colour, alpha]));
  const overlay = await sharp(pixels, {raw: {width: columns, height: rows, channels: 4}})
    .resize(size, size, {kernel, fit: 'fill'})
    .png()
    .toBuffer();
  return enlarged(image, size)
    .modulate({saturation: 0.3})
    .composite([{input: overlay}])
    .png()
    .toBuffer();
}

function enlarged({pixels255, side}: SquareImage, size: number): Sharp {
  return sharp(pixels255, {raw: {width: side, height: side, channels: 3}}).resize(size, size, {
    kernel: 'cubic',
  });
}
