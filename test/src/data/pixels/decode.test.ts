import sharp from 'sharp';
import {beforeAll, describe, expect, it} from 'vitest';
import {decodeImage} from '../../../../src/data/pixels/decode.js';
import {imageRef} from '../../../support/image-refs.js';

type Format = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff';
const formats: readonly Format[] = ['jpeg', 'png', 'webp', 'gif', 'tiff'];
const files = new Map<Format, Buffer>();
const file = (format: Format): Buffer => files.get(format)!;

beforeAll(async () => {
  const levels = Uint8Array.from({length: 60 * 40 * 3}, (_, i) => (i * 2654435761) >>> 24);
  const drawing = sharp(levels, {raw: {width: 60, height: 40, channels: 3}});
  for (const format of formats) {
    files.set(format, await drawing.clone().toFormat(format).toBuffer());
  }
});

function decode(content: Buffer) {
  return decodeImage(imageRef(content, 'set: images/a.jpg'), 8);
}

async function messageOf(content: Buffer): Promise<string> {
  const error = await decode(content).then(
    () => 'no error',
    (reason: unknown) => reason as Error & {exit: number},
  );
  if (typeof error === 'string') return error;
  expect(error).toMatchObject({name: 'UserError', exit: 3});
  return error.message.replace('set: images/a.jpg: expected an image, got ', '');
}

/** A TIFF of one black pixel: the directory right behind the header, one 12-byte entry for each tag. */
function tiffOfChannels(channels: number): Buffer {
  const tags = [
    [256, 1], // width
    [257, 1], // height
    [258, 8], // bits a channel
    [259, 1], // no compression
    [262, 1], // black is zero
    [273, 200], // where the pixels are
    [277, channels],
    [278, 1], // rows in the strip
    [279, channels], // bytes in the strip
  ] as const;
  const file = Buffer.alloc(200 + channels);
  file.write('II*\0\x08\0\0\0', 'latin1');
  file.writeUInt16LE(tags.length, 8);
  tags.forEach(([tag, value], i) => {
    const entry = 10 + i * 12;
    file.writeUInt16LE(tag, entry);
    file.writeUInt16LE(3, entry + 2); // a short
    file.writeUInt32LE(1, entry + 4);
    file.writeUInt16LE(value, entry + 8);
  });
  return file;
}

describe('files that are no image', () => {
  it.each([
    ['nothing', Buffer.alloc(0), 'an empty file'],
    ['HTML', Buffer.from('\n<!DOCTYPE html>\n<html><body>404</body></html>'), 'other content: an HTML page'],
    ['text', Buffer.from('Grüße aus Köln'), 'other content: text'],
    ['zeros', Buffer.alloc(100), 'other content: unknown data'],
    ['BMP', Buffer.from('BM\0\0\0\0\0\0'), 'an unsupported format: BMP'],
    ['HEIC', Buffer.from('\0\0\0\x18ftypheic'), 'an unsupported format: HEIC'],
    ['PDF', Buffer.from('%PDF-1.7\n'), 'an unsupported format: PDF'],
  ])('%s', async (_name, content, message) => {
    expect(await messageOf(content)).toBe(message);
  });
});

it('TIFF with more channels than colour and alpha is unsupported, not damaged', async () => {
  const content = tiffOfChannels(6);
  expect(await messageOf(content)).toBe('an unsupported format: TIFF with more than 5 channels');
});

describe('files with a missing end', () => {
  it.each(formats)('%s: wherever it is cut', async (format) => {
    const content = file(format);
    for (const length of [14, 40, content.length >> 1, content.length - 30]) {
      expect(await messageOf(content.subarray(0, length)), `${length} bytes`).toMatch(
        /^a damaged image: [A-Z]\w+: ./,
      );
    }
  });

  it('name the format and say why', async () => {
    expect(await messageOf(file('jpeg').subarray(0, 800))).toBe(
      'a damaged image: JPEG: premature end of JPEG image',
    );
    expect(await messageOf(file('png').subarray(0, 8))).toMatch(/^a damaged image: PNG: /);
  });
});

describe('what is tolerated', () => {
  it('bytes behind the end', async () => {
    const longer = Buffer.concat([file('jpeg'), Buffer.from('trailing')]);
    expect(await decode(longer)).toEqual(await decode(file('jpeg')));
  });

  it('a name that tells another format', async () => {
    expect(await decode(file('png'))).toMatchObject({width: 60, height: 40});
  });
});

it('more than 25 million pixels are refused from the header', async () => {
  const large = await sharp({create: {width: 6000, height: 5000, channels: 3, background: 'red'}})
    .png()
    .toBuffer();
  expect(await messageOf(large)).toBe('too many pixels: 6000 x 5000, the limit is 25000000');
});

it('of 16-bit grey the upper 8 bits are kept, where Pillow would cut everything above 255 off', async () => {
  const levels = Uint16Array.from([0, 255, 256, 513, 32_768, 65_535]);
  const grey = await sharp(levels, {raw: {width: 3, height: 2, channels: 1}})
    .toColourspace('grey16')
    .png()
    .toBuffer();
  const {pixels255} = await decode(grey);
  expect([...pixels255].filter((_, i) => i % 3 === 0)).toEqual([0, 0, 1, 2, 128, 255]);
});

it('transparent pixels keep the colour they have, as alpha is dropped', async () => {
  const content = await sharp(Uint8Array.from([10, 20, 30, 0]), {raw: {width: 1, height: 1, channels: 4}})
    .png()
    .toBuffer();
  expect([...(await decode(content)).pixels255]).toEqual([10, 20, 30]);
});
