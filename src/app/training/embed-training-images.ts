import type {PixelThreads} from '../../data/pixels/pixel-threads.js';
import type {ImageRow} from '../../data/rows.js';
import type {Rows} from '../../eval/inner-products.js';
import type {ClipModel} from '../../model/clip-model.js';
import {createEmbedder} from '../../model/embedder.js';
import {embedImages, finished, pixelSource, type EmbedProgress} from '../embed-rows.js';

export interface TrainingImageEmbedding {
  /** The model before the run. */
  readonly model: ClipModel;
  readonly pixelThreads: Pick<PixelThreads, 'evaluate'>;
  readonly onProgress: (progress: EmbedProgress) => Promise<void>;
}

/** Features of images, [n, d], rows of unit length. */
export async function embedTrainingImages(
  rows: readonly ImageRow[],
  {model, pixelThreads, onProgress}: TrainingImageEmbedding,
): Promise<Rows> {
  const embedder = createEmbedder(model);
  const images = rows.map(({image}) => image);
  const pixels = pixelSource(images, model.config.preprocess, {pixelThreads, keptBytes: 0});
  try {
    return await finished(embedImages(embedder, pixels), onProgress);
  } finally {
    embedder.dispose();
  }
}
