import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import sharp from 'sharp';
import {exitCodes, UserError} from '../support/errors.js';
import type {KnownImage} from './known-set.js';

const side = 32;

/**
 * The images of a file of CIFAR's binary version: for each the label bytes, the last of which counts, and 32 x 32 pixels,
 * first all red, then all green, then all blue.
 * @param options.labels names by number
 * @returns undefined when there is no such file
 * @throws UserError (data) when it is cut short or has an unknown label
 */
export async function binaryImages(
  root: string,
  file: string,
  {labelBytes, labels}: {readonly labelBytes: number; readonly labels: readonly string[]},
): Promise<KnownImage[] | undefined> {
  const path = join(root, file);
  const content = await readFile(path).catch(() => undefined);
  if (content === undefined) return undefined;
  const recordBytes = labelBytes + 3 * side * side;
  const failed = (expected: string, got: string) =>
    new UserError(`${path}: expected ${expected}, got ${got}`, {exit: exitCodes.data});
  if (content.length === 0 || content.length % recordBytes !== 0) {
    throw failed(`records of ${recordBytes} bytes`, `${content.length} bytes in all`);
  }
  return Array.from({length: content.length / recordBytes}, (_, i) => {
    const at = i * recordBytes;
    const number = content[at + labelBytes - 1]!;
    const label = labels[number];
    if (label === undefined) throw failed(`labels below ${labels.length}`, `${number} in record ${i + 1}`);
    const planes = content.subarray(at + labelBytes, at + recordBytes);
    const place = `${path}: record ${i + 1}`;
    const image = {id: `${file} ${i + 1}`, place, bytes: recordBytes, read: () => pngOf(planes)};
    return {image, label};
  });
}

/** Three planes of one colour each as a PNG. */
async function pngOf(planes: Uint8Array): Promise<Buffer> {
  const pixels = new Uint8Array(planes.length);
  const size = side * side;
  for (let i = 0; i < size; i++) {
    for (let channel = 0; channel < 3; channel++) pixels[3 * i + channel] = planes[channel * size + i]!;
  }
  return sharp(pixels, {raw: {width: side, height: side, channels: 3}})
    .png()
    .toBuffer();
}
