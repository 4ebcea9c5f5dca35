import sharp from 'sharp';
import {decodeImage} from '../../data/pixels/decode.js';
import type {ImageRef} from '../../data/rows.js';

/** An image made small and square, on white. */
export async function smallPicture(image: ImageRef, side: number): Promise<Buffer> {
  const {width, height, pixels255} = await decodeImage(image, side);
  return sharp(pixels255, {raw: {width, height, channels: 3}})
    .resize(side, side, {fit: 'contain', background: 'white'})
    .png({compressionLevel: 9, palette: true})
    .toBuffer();
}

/** The pixels of a picture at a side, [side, side, 3], 0 to 255. */
export async function picturePixels(png: Buffer, side: number): Promise<Uint8Array> {
  return sharp(png).resize(side, side).removeAlpha().raw().toBuffer();
}
