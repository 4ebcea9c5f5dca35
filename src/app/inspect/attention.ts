import {headSimilarity, type HeadSimilarity} from '../../model/diagnostics/head-diversity.js';
import {layerChart} from '../../report/layer-chart.js';
import {
  aboutImages,
  inspectedAttention,
  type AttentionCollector,
  type InspectAttentionOptions,
  type InspectedBy,
  type InspectEvent,
  type LookedAt,
} from './attention-pass.js';
import {pictureFile} from './picture-file.js';

/** How alike the heads of each layer are: the mean over the images. */
export interface HeadsOfModel {
  readonly model: string;
  readonly heads: number;
  /** From the first layer to the last; cosines, 1 for equal maps. */
  readonly layers: readonly HeadSimilarity[];
}

export type InspectedHeads = InspectedBy<'attention', HeadsOfModel>;

/**
 * Diversity of the attention heads, layer by layer (feature distillation, arXiv:2205.14141). Yields progress.
 * @throws UserError as {@link inspectedAttention} does
 */
export async function* inspectAttention(
  options: InspectAttentionOptions,
): AsyncGenerator<InspectEvent, InspectedHeads> {
  const picture = options.out === undefined ? undefined : await pictureFile(options.out);
  const {images, models} = yield* inspectedAttention(options, headCollector);
  const points = models.flatMap(({model, layers}) =>
    layers.map(({perQuery}, layer) => ({model, layer: layer + 1, value: perQuery})),
  );
  const title = 'How alike the heads of a layer are: mean cosine of their attention';
  await picture?.write(await layerChart(points, {title, value: 'cosine between heads'}));
  return {
    version: 1,
    diagnostic: 'attention',
    images: aboutImages(images),
    models,
    picture: options.out ?? null,
  };
}

function headCollector({model, vision}: LookedAt): AttentionCollector<HeadsOfModel> {
  const sums = Array.from({length: vision.layers}, () => ({flattened: 0, perQuery: 0, images: 0}));
  return {
    see(layer, maps) {
      const own = sums[layer]!;
      const {flattened, perQuery} = headSimilarity(maps);
      own.flattened += flattened;
      own.perQuery += perQuery;
      own.images++;
    },
    result: () => ({
      model,
      heads: vision.heads,
      layers: sums.map(({flattened, perQuery, images}) => ({
        flattened: flattened / images,
        perQuery: perQuery / images,
      })),
    }),
  };
}
