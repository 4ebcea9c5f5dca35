import sharp from 'sharp';
import {beforeAll, describe, expect, it} from 'vitest';
import {decodeImage} from '../../../../src/data/pixels/decode.js';
import {colourJpegSize} from '../../../../src/data/pixels/jpeg-header.js';
import {imageRef} from '../../../support/image-refs.js';

const levels = Uint8Array.from({length: 300 * 70 * 3}, (_, i) => (i * 2654435761) >>> 24);
const picture = () => sharp(levels, {raw: {width: 300, height: 70, channels: 3}});
let jpeg: Buffer;

beforeAll(async () => {
  jpeg = await picture().jpeg().toBuffer();
});

describe('the size of a colour JPEG is in its header', () => {
  it.each([
    ['baseline', () => picture().jpeg()],
    ['progressive', () => picture().jpeg({progressive: true})],
    ['without subsampling', () => picture().jpeg({chromaSubsampling: '4:4:4'})],
    ['with an orientation and a profile', () => picture().withMetadata({orientation: 6}).jpeg()],
  ])('%s', async (_name, drawing) => {
    expect(colourJpegSize(await drawing().toBuffer())).toEqual({width: 300, height: 70});
  });
});

describe('a header is left to the decoder', () => {
  it('of grey and of four inks, and of other formats', async () => {
    const others = [
      picture().toColourspace('b-w').jpeg(),
      picture().toColourspace('cmyk').jpeg(),
      picture().png(),
      picture().webp(),
    ];
    for (const other of others) expect(colourJpegSize(await other.toBuffer())).toBeUndefined();
  });

  it('with filling between its segments', () => {
    const filled = Buffer.concat([jpeg.subarray(0, 2), Buffer.of(0xff), jpeg.subarray(2)]);
    expect(colourJpegSize(filled)).toBeUndefined();
  });

  it('wherever it is cut', () => {
    const frame = jpeg.indexOf(Buffer.of(0xff, 0xc0));
    for (let end = 0; end < frame + 10; end++) expect(colourJpegSize(jpeg.subarray(0, end))).toBeUndefined();
    expect(colourJpegSize(jpeg.subarray(0, frame + 10))).toEqual({width: 300, height: 70});
  });
});

it('more than 25 million pixels are refused from it', async () => {
  const large = Buffer.from(jpeg);
  const frame = large.indexOf(Buffer.of(0xff, 0xc0));
  large.writeUInt16BE(65_000, frame + 5);
  large.writeUInt16BE(65_000, frame + 7);
  await expect(decodeImage(imageRef(large, 'a.jpg'), 8)).rejects.toThrow(
    'a.jpg: expected an image, got too many pixels: 65000 x 65000, the limit is 25000000',
  );
});
