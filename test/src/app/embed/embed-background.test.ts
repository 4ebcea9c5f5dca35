import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import sharp from 'sharp';
import {expect, it} from 'vitest';
import {openEmbeddingCache} from '../../../../src/app/embed/embedding-cache.js';
import {embedShard} from '../../../../src/app/embed/embed-shard.js';
import {startPixelThreads} from '../../../../src/data/pixels/pixel-threads.js';
import type {ImageRef} from '../../../../src/data/rows.js';
import {createEmbedder} from '../../../../src/model/embedder.js';
import {loadClip} from '../../../../src/model/checkpoint.js';
import {startEngine} from '../../../../src/engine/backend.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';
import {untrainedConfig, writeUntrainedClip} from '../../../support/untrained-clip.js';

const root = temporaryFolder();

it('a transparent file with a background is another picture than the file alone, within a shard and in the cache', async () => {
  await startEngine('cpu');
  const path = join(root, 'clear.png');
  const background = {r: 0, g: 0, b: 0, alpha: 0};
  await sharp({create: {width: 16, height: 16, channels: 4, background}})
    .png()
    .toFile(path);
  const content = readFileSync(path);
  const plain: ImageRef = {
    id: 'a',
    place: 'a',
    bytes: content.length,
    read: () => Promise.resolve(content),
    part: {path},
  };
  const {preprocess, embedDim: dim} = untrainedConfig;
  const cache = await openEmbeddingCache(join(root, 'cache'), dim);
  const embedder = createEmbedder(await loadClip(await writeUntrainedClip(join(root, 'clip'))));
  const pixelThreads = startPixelThreads({threads: 1});
  const embedding = embedShard([plain, {...plain, background: 'white'}], {
    ...{embedder, preprocess, dim, pixelThreads, cache, batch: 2},
  });
  let step = await embedding.next();
  while (!step.done) step = await embedding.next();
  const {features} = step.value;
  expect([...features.subarray(0, dim)]).not.toEqual([...features.subarray(dim)]);
  expect(cache.size).toBe(2);
  await cache.close();
  embedder.dispose();
  await pixelThreads.close();
});
