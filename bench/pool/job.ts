// Lists a pool, samples batches of it and decodes them as training does; prints figures as JSON. Run with --expose-gc.
import {batchOrder} from '../../src/data/batch-order.js';
import {openImages} from '../../src/data/open-data.js';
import {startPixelThreads} from '../../src/data/pixels/pixel-threads.js';
import {peakBytes} from '../support/peak-memory.js';

/** What a job finds. */
export interface PoolFigures {
  readonly images: number;
  readonly listSeconds: number;
  readonly readSeconds: number;
  readonly imagesRead: number;
  /** Resident when it is done, and at most. */
  readonly residentBytes: number;
  readonly peakBytes: number | undefined;
}

const [path = '', steps = '20'] = process.argv.slice(2);
const batch = 64;
const preprocess = {
  size: 64,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  interpolation: 'bicubic',
} as const;

const started = performance.now();
const {rows} = await openImages(path);
const listed = performance.now();
const threads = startPixelThreads({threads: 2});
const order = batchOrder({n: rows.length, batch, seed: 0, stream: 1});
let imagesRead = 0;
for (let step = 0; step < Number(steps); step++) {
  const images = Array.from(order(step), (index) => rows[index]!.image);
  imagesRead += (await threads.evaluate(images, preprocess)).length;
}
const read = performance.now();
globalThis.gc!();
const figures: PoolFigures = {
  images: rows.length,
  listSeconds: (listed - started) / 1000,
  readSeconds: (read - listed) / 1000,
  imagesRead,
  residentBytes: process.memoryUsage.rss(),
  peakBytes: peakBytes(process.pid),
};
await threads.close();
process.stdout.write(JSON.stringify(figures));
