import {attentionDistance} from '../../model/diagnostics/attention-distance.js';
import {headChart} from '../../report/head-chart.js';
import {
  aboutImages,
  inspectedAttention,
  type AttentionCollector,
  type InspectAttentionOptions,
  type InspectedBy,
  type InspectEvent,
  type LookedAt,
} from './attention-pass.js';
import {headMeans} from './head-means.js';
import {pictureFile} from './picture-file.js';

/** How far each head looks, in pixels of the model's own input: the mean over queries and images. */
export interface DistancesOfModel {
  readonly model: string;
  readonly imageSize: number;
  readonly patchSize: number;
  /** From the first layer to the last. */
  readonly layers: readonly {readonly heads: readonly number[]; readonly mean: number}[];
}

export type InspectedDistances = InspectedBy<'distance', DistancesOfModel>;

/**
 * Average attention distance of every head (Dosovitskiy et al. 2021, arXiv:2010.11929; feature distillation,
 * arXiv:2205.14141). Yields progress.
 * @throws UserError as {@link inspectedAttention} does
 */
export async function* inspectDistance(
  options: InspectAttentionOptions,
): AsyncGenerator<InspectEvent, InspectedDistances> {
  const picture = options.out === undefined ? undefined : await pictureFile(options.out);
  const {images, models} = yield* inspectedAttention(options, distanceCollector);
  const points = models.flatMap(({model, layers}) =>
    layers.flatMap(({heads}, layer) => heads.map((value) => ({model, layer: layer + 1, value}))),
  );
  const title = 'How far each head looks, in pixels: a dot a head, the line their mean';
  await picture?.write(await headChart(points, {title, value: 'attention distance (pixels)'}));
  return {
    version: 1,
    diagnostic: 'distance',
    images: aboutImages(images),
    models,
    picture: options.out ?? null,
  };
}

function distanceCollector({model, vision, grid}: LookedAt): AttentionCollector<DistancesOfModel> {
  const {imageSize, patchSize, layers, heads} = vision;
  const means = headMeans(layers, heads);
  return {
    see: (layer, maps) => means.add(layer, attentionDistance(maps, {grid, patchSize})),
    result: () => ({model, imageSize, patchSize, layers: means.layers()}),
  };
}
