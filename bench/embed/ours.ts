import {readFile} from 'node:fs/promises';
import {embedImages, embedTexts, pixelSource, type EmbedProgress} from '../../src/app/embed-rows.js';
import {openImages} from '../../src/data/open-data.js';
import {startPixelThreads} from '../../src/data/pixels/pixel-threads.js';
import {startEngine} from '../../src/engine/backend.js';
import type {Rows} from '../../src/eval/inner-products.js';
import {loadClip} from '../../src/model/checkpoint.js';
import {createEmbedder} from '../../src/model/embedder.js';
import {loadTokenizer} from '../../src/model/tokenizer.js';
import {trimTokens} from '../../src/model/trim-tokens.js';
import {serve} from '../support/serve.js';

interface Paths {
  readonly model: string;
  readonly images: string;
  readonly texts: string;
}

/** A contender of `bench embed`: images and texts on the way that `fewclip eval` takes. */
async function main({model: folder, images: imageFolder, texts: textFile}: Paths): Promise<void> {
  const engine = await startEngine('tensorflow');
  const model = await loadClip(folder);
  const tokenizer = await loadTokenizer(folder, model.config.text);
  const {rows} = await openImages(imageFolder);
  const refs = rows.map(({image}) => image);
  const texts = JSON.parse(await readFile(textFile, 'utf8')) as string[];
  const embedder = createEmbedder(model);
  // as the workers of PyTorch's loader they live on between turns: their start is not what is measured
  const pixelThreads = startPixelThreads();
  // a source of its own each time, so that nothing is decoded beforehand
  const imagesOf = (count: number) =>
    finished(
      embedImages(embedder, pixelSource(refs.slice(0, count), model.config.preprocess, {pixelThreads})),
    );
  const textsOf = (count: number) =>
    finished(embedTexts(embedder, trimTokens(tokenizer.encode(texts.slice(0, count)))));
  await serve(
    {versions: {tensorflow: engine.version}},
    {
      images: () => timed(() => imagesOf(refs.length)),
      texts: () => timed(() => textsOf(texts.length)),
      features: async ({count}) => ({
        images: Array.from((await imagesOf(Number(count))).values),
        texts: Array.from((await textsOf(Number(count))).values),
      }),
    },
  );
  await pixelThreads.close();
}

async function timed(work: () => Promise<Rows>): Promise<{readonly count: number; readonly seconds: number}> {
  const start = performance.now();
  const {count} = await work();
  return {count, seconds: (performance.now() - start) / 1000};
}

async function finished(
  steps: AsyncGenerator<EmbedProgress, Rows> | Generator<EmbedProgress, Rows>,
): Promise<Rows> {
  for (;;) {
    const {done, value} = await steps.next();
    if (done) return value;
  }
}

await main(JSON.parse(process.argv[2]!) as Paths);
