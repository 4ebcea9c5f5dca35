import sharp from 'sharp';
import {beforeAll, describe, expect, it, onTestFinished} from 'vitest';
import {embedImages, embedTexts, pixelSource, told} from '../../../src/app/embed-rows.js';
import {startPixelThreads} from '../../../src/data/pixels/pixel-threads.js';
import type {ImageRef} from '../../../src/data/rows.js';
import {startEngine} from '../../../src/engine/backend.js';
import {createEmbedder, type Embedder} from '../../../src/model/embedder.js';
import {randomModel} from '../../../src/model/random-model.js';
import {expectClose} from '../../support/expect-close.js';
import {untrainedConfig} from '../../support/untrained-clip.js';
import {evalPixels, stackPixels} from '../../support/pixel-rows.js';

const {preprocess, embedDim} = untrainedConfig;

/** One-coloured images that count how often they are read. */
function countedImages(count: number): {images: ImageRef[]; reads: number[]} {
  const reads = Array.from({length: count}, () => 0);
  const images = reads.map((_, i): ImageRef => {
    const png = sharp({
      create: {width: 20, height: 20, channels: 3, background: {r: i * 20, g: 90, b: 250 - i * 20}},
    });
    return {
      id: `${i}.png`,
      place: `test: ${i}.png`,
      bytes: 1,
      read: () => {
        reads[i] = reads[i]! + 1;
        return png.clone().png().toBuffer();
      },
    };
  });
  return {images, reads};
}

async function drain<T, R>(
  generator: AsyncGenerator<T, R> | Generator<T, R>,
): Promise<{events: T[]; result: R}> {
  const events: T[] = [];
  for (;;) {
    const {done, value} = await generator.next();
    if (done) return {events, result: value};
    events.push(value);
  }
}

let embedder: Embedder;
beforeAll(async () => {
  await startEngine('cpu');
  embedder = createEmbedder(randomModel(untrainedConfig, 0));
  return () => embedder.dispose();
});

describe('embedImages', () => {
  it('embeds every image in its place, whatever the batch', async () => {
    const {images} = countedImages(5);
    const alone = await Promise.all(
      images.map(async (image) =>
        embedder.images(stackPixels([await evalPixels(image, preprocess)], preprocess.size)),
      ),
    );
    for (const batch of [1, 2, 5, 64]) {
      const {result} = await drain(embedImages(embedder, pixelSource(images, preprocess), {batch}));
      expect([result.count, result.dim]).toEqual([5, embedDim]);
      expectClose(
        result.values,
        alone.flatMap((row) => [...row]),
        {relative: 1e-5, absolute: 1e-6},
      );
    }
  });

  it('tells its progress after each batch', async () => {
    const {events} = await drain(
      embedImages(embedder, pixelSource(countedImages(5).images, preprocess), {batch: 2}),
    );
    expect(events).toEqual([
      {done: 2, total: 5},
      {done: 4, total: 5},
      {done: 5, total: 5},
    ]);
  });

  it('reads and decodes an image once, however often its source is embedded', async () => {
    const {images, reads} = countedImages(5);
    const source = pixelSource(images, preprocess);
    const first = await drain(embedImages(embedder, source, {batch: 2}));
    const second = await drain(embedImages(embedder, source, {batch: 2}));
    expect(reads).toEqual([1, 1, 1, 1, 1]);
    expect([...second.result.values]).toEqual([...first.result.values]);
  });

  it('reads what does not fit into its memory again', async () => {
    const {images, reads} = countedImages(4);
    const source = pixelSource(images, preprocess, {keptBytes: 2 * preprocess.size ** 2 * 3 + 1});
    await drain(embedImages(embedder, source));
    await drain(embedImages(embedder, source));
    expect(reads).toEqual([1, 1, 2, 2]);
  });

  it('uses the threads it is given and leaves them to others', async () => {
    const {images, reads} = countedImages(3);
    const pixelThreads = startPixelThreads({threads: 1});
    onTestFinished(() => pixelThreads.close());
    const alone = await drain(embedImages(embedder, pixelSource(images, preprocess)));
    const shared = await drain(embedImages(embedder, pixelSource(images, preprocess, {pixelThreads})));
    expect([...shared.result.values]).toEqual([...alone.result.values]);
    expect(reads).toEqual([2, 2, 2]);
    expect(await pixelThreads.evaluate(images, preprocess)).toHaveLength(3);
  });

  it('names the image that cannot be decoded', async () => {
    const {images} = countedImages(3);
    const broken: ImageRef = {...images[1]!, read: () => Promise.resolve(Buffer.from('no image'))};
    const source = pixelSource([images[0]!, broken, images[2]!], preprocess);
    await expect(drain(embedImages(embedder, source, {batch: 1}))).rejects.toThrow('test: 1.png');
  });

  it('refuses features that are not finite, with the image they came from', async () => {
    const model = randomModel(untrainedConfig, 0);
    const weights = {
      ...model.weights,
      'visual.proj': {...model.weights['visual.proj']!, data: new Float32Array(32 * 16).fill(NaN)},
    };
    const sick = createEmbedder({...model, weights});
    const source = pixelSource(countedImages(2).images, preprocess);
    await expect(drain(embedImages(sick, source))).rejects.toThrow(
      'test: 0.png: expected finite features, got NaN',
    );
    sick.dispose();
  });

  it('of no images is empty', async () => {
    const {result} = await drain(embedImages(embedder, pixelSource([], preprocess)));
    expect(result.count).toBe(0);
  });
});

describe('embedTexts', () => {
  const {contextLength, startToken, endToken, padToken} = untrainedConfig.text;
  const words = [[5], [6, 7], [8, 9, 10]];
  const ids = words.flatMap((row) => [
    startToken,
    ...row,
    endToken,
    ...Array<number>(contextLength - row.length - 2).fill(padToken),
  ]);
  const tokens = {
    ids: {shape: [3, contextLength], data: Int32Array.from(ids)},
    end: {shape: [3], data: Int32Array.of(2, 3, 4)},
  };

  it('embeds every text in its place, whatever the batch', async () => {
    const whole = embedder.texts(tokens);
    const {result, events} = await drain(embedTexts(embedder, tokens, {batch: 2}));
    expectClose(result.values, whole, {relative: 1e-5, absolute: 1e-6});
    expect(events).toEqual([
      {done: 2, total: 3},
      {done: 3, total: 3},
    ]);
  });

  it('is passed on with what it is of', async () => {
    const {events, result} = await drain(told('prompts', embedTexts(embedder, tokens)));
    expect(events).toEqual([{type: 'progress', what: 'prompts', done: 3, total: 3}]);
    expect(result.count).toBe(3);
  });
});
