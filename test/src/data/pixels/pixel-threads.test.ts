import {unlink} from 'node:fs/promises';
import {join} from 'node:path';
import sharp from 'sharp';
import {afterEach, describe, expect, it} from 'vitest';
import {openImages} from '../../../../src/data/open-data.js';
import {normalize} from '../../../../src/data/pixels.js';
import {startPixelThreads, type PixelThreads} from '../../../../src/data/pixels/pixel-threads.js';
import type {ImageRef} from '../../../../src/data/rows.js';
import {uniform} from '../../../../src/engine/random.js';
import {folderOf, tarOfFiles, type Files} from '../../../support/files-on-disk.js';
import {imageRef} from '../../../support/image-refs.js';
import {evalPixels, stackPixels, trainPixels} from '../../../support/pixel-rows.js';

const preprocess = {
  size: 16,
  interpolation: 'bicubic',
  mean: [0.48, 0.46, 0.41],
  std: [0.27, 0.26, 0.28],
} as const;

/** A picture of its own for each number; the even ones are large enough to be reduced. */
function picture(i: number): Promise<Buffer> {
  const [width, height] = i % 2 === 0 ? [90, 70 + i] : [33, 24 + i];
  const noise = Uint8Array.from({length: width * height * 3}, (_, k) => 256 * uniform(i, k));
  return sharp(noise, {raw: {width, height, channels: 3}})
    .png()
    .toBuffer();
}

async function files(count: number): Promise<Files> {
  const entries = Array.from({length: count}, async (_, i) => [`${i}.png`, await picture(i)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

const visitsOf = (images: readonly ImageRef[], epoch: number) =>
  images.map((image, i) => {
    const at = (axis: number) => uniform(7, epoch, i, axis);
    return {image, draws: [at(0), at(1), at(2), at(3)] as const};
  });

let started: PixelThreads[] = [];
const start: typeof startPixelThreads = (options) => {
  started.push(startPixelThreads(options));
  return started.at(-1)!;
};
afterEach(async () => {
  await Promise.all(started.map((threads) => threads.close()));
  started = [];
});

describe('startPixelThreads', () => {
  it.each([
    [1, 0],
    [1, 20_000],
    [1, 10_000_000],
    [3, 0],
    [3, 10_000_000],
  ])('%i threads with %i bytes of cache make the rows of trainPixels', async (threads, cacheBytes) => {
    const fromTar = (await openImages(await tarOfFiles(await files(6)))).rows;
    const made = await Promise.all([6, 7].map(async (i) => imageRef(await picture(i), `made: ${i}`)));
    const images = [...fromTar.map(({image}) => image), ...made];
    const pixels = start({threads, cacheBytes});
    for (const epoch of [0, 1, 2]) {
      const visits = visitsOf(images, epoch);
      const expected = await Promise.all(
        visits.map(({image, draws}) => trainPixels(image, preprocess, draws)),
      );
      expect(await pixels.train(visits, preprocess)).toEqual(stackPixels(expected, 16));
    }
  });

  it('make the levels of evalPixels', async () => {
    const images = (await openImages(await folderOf(await files(5)))).rows.map(({image}) => image);
    const levels = await start({threads: 2}).evaluate(images, preprocess);
    const expected = await Promise.all(images.map((image) => evalPixels(image, preprocess)));
    expect(levels.map((each) => normalize(each, preprocess))).toEqual(expected);
  });

  it('read a file once while it is in the cache, whichever set it was opened in', async () => {
    const folder = await folderOf(await files(2));
    const [first, second] = [await openImages(folder), await openImages(folder)];
    const pixels = start({threads: 1, cacheBytes: 1_000_000});
    const once = await pixels.train(visitsOf([first.rows[0]!.image], 0), preprocess);
    await unlink(join(folder, '0.png'));
    expect(await pixels.train(visitsOf([second.rows[0]!.image], 0), preprocess)).toEqual(once);
    await expect(start({threads: 1}).train(visitsOf([first.rows[0]!.image], 0), preprocess)).rejects.toThrow(
      '0.png: expected a readable file, got Error: ENOENT',
    );
  });

  it('work while the thread that asked is blocked', async () => {
    const images = (await openImages(await folderOf(await files(6)))).rows.map(({image}) => image);
    const pixels = start({threads: 1});
    await pixels.train(visitsOf(images.slice(0, 1), 0), preprocess);
    const coming = pixels.train(visitsOf(images, 0), preprocess);
    // the turn of the loop that lets the message go, as the trainer gives it
    await new Promise((resolve) => setImmediate(resolve));
    const blocked = performance.now() + 1500;
    while (performance.now() < blocked);
    const resumed = performance.now();
    await coming;
    expect(performance.now() - resumed).toBeLessThan(300);
  });

  it('pass on what is wrong with an image, and go on', async () => {
    const broken = imageRef(Buffer.from('hello'), 'set: images/a');
    const whole = imageRef(await picture(1));
    const pixels = start({threads: 1, cacheBytes: 1_000_000});
    await expect(pixels.train(visitsOf([whole, broken], 0), preprocess)).rejects.toMatchObject({
      name: 'UserError',
      message: 'set: images/a: expected an image, got other content: text',
      exit: 3,
    });
    expect((await pixels.train(visitsOf([whole], 0), preprocess)).shape).toEqual([1, 16, 16, 3]);
  });

  it('pass on an image that cannot be read', async () => {
    const gone = {
      ...imageRef(Buffer.alloc(0)),
      read: () => Promise.reject(new Error('domain: no such scene')),
    };
    await expect(start({threads: 1}).evaluate([gone], preprocess)).rejects.toThrow('domain: no such scene');
  });

  it('reject what they still owe when they are closed', async () => {
    const pixels = start({threads: 1});
    const owed = pixels.evaluate([imageRef(await picture(0))], preprocess);
    owed.catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    await pixels.close();
    await expect(owed).rejects.toThrow(/^pixel thread: expected it to go on, got exit code [01]$/);
    await expect(pixels.evaluate([imageRef(await picture(0))], preprocess)).rejects.toThrow('pixel thread');
  });

  it('no images are no rows', async () => {
    expect(await start({threads: 2}).train([], preprocess)).toEqual({
      shape: [0, 16, 16, 3],
      data: new Float32Array(0),
    });
  });
});
