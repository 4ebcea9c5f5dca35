import type {AttentionMaps} from '../../model/diagnostics/attention-maps.js';
import {translationConsistency} from '../../model/diagnostics/translation-consistency.js';
import type {PatchGrid} from '../../model/patch-grid.js';
import {matrixTile} from '../../report/image-tile.js';
import {tilePage, type TileSection} from '../../report/tile-page.js';
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

/** How far the attention averaged over the images depends on more than the offset of two patches. */
export interface EquivarianceOfModel {
  readonly model: string;
  readonly grid: PatchGrid;
  /** From the first layer to the last: mean variance among pairs of patches of one offset, 0 for pure diagonals. */
  readonly layers: readonly {readonly heads: readonly number[]; readonly mean: number}[];
}

export type InspectedEquivariance = InspectedBy<'equivariance', EquivarianceOfModel>;

/** An average map as it is drawn: [p, p], from query to key. */
interface DrawnMap {
  readonly patches: number;
  readonly values: readonly number[];
}

/**
 * Translational equivariance of attention, layer by layer (feature distillation, arXiv:2205.14141): maps are averaged
 * over the images first, since it is the position that is looked for and not what the images hold. Yields progress.
 * @throws UserError as {@link inspectedAttention} does
 */
export async function* inspectEquivariance(
  options: InspectAttentionOptions,
): AsyncGenerator<InspectEvent, InspectedEquivariance> {
  const picture = options.out === undefined ? undefined : await pictureFile(options.out);
  const {images, models} = yield* inspectedAttention(options, mapCollector);
  await picture?.write(await mapPage(models));
  return {
    version: 1,
    diagnostic: 'equivariance',
    images: aboutImages(images),
    models: models.map(({about}) => about),
    picture: options.out ?? null,
  };
}

interface Collected {
  readonly about: EquivarianceOfModel;
  /** Of each layer, the mean over heads and images. */
  readonly maps: readonly DrawnMap[];
}

function mapCollector({model, vision, grid}: LookedAt): AttentionCollector<Collected> {
  const {layers, heads} = vision;
  const tokens = 1 + grid.rows * grid.columns;
  const sums = Array.from({length: layers}, () => new Float64Array(heads * tokens * tokens));
  const counts = new Float64Array(layers);
  return {
    see(layer, {weights}) {
      const own = sums[layer]!;
      for (let i = 0; i < own.length; i++) own[i]! += weights[i]!;
      counts[layer]! += 1;
    },
    result() {
      const means = headMeans(layers, heads);
      const averages = sums.map((own, layer): AttentionMaps => {
        return {heads, tokens, weights: own.map((sum) => sum / counts[layer]!)};
      });
      averages.forEach((maps, layer) => means.add(layer, translationConsistency(maps, grid)));
      return {about: {model, grid, layers: means.layers()}, maps: averages.map(meanOfHeads)};
    },
  };
}

/** From patch to patch, without the class token. */
function meanOfHeads({heads, tokens, weights}: AttentionMaps): DrawnMap {
  const patches = tokens - 1;
  const values = Array.from({length: patches * patches}, (_, k) => {
    const [query, key] = [1 + Math.floor(k / patches), 1 + (k % patches)];
    let sum = 0;
    for (let head = 0; head < heads; head++) sum += weights[(head * tokens + query) * tokens + key]!;
    return sum / heads;
  });
  return {patches, values};
}

const tileSize = 150;

async function mapPage(models: readonly Collected[]): Promise<string> {
  const sections: TileSection[] = [];
  for (const {about, maps} of models) {
    sections.push({
      heading: about.model,
      tiles: await Promise.all(
        maps.map(async ({patches, values}, layer) => ({
          png: await matrixTile({rows: patches, columns: patches, values}, tileSize),
          label: `layer ${layer + 1}`,
          note: `variance ${about.layers[layer]!.mean.toExponential(2)}`,
        })),
      ),
    });
  }
  const title = 'Attention from each patch (row) to each (column), mean over heads and images';
  return tilePage({title, sections, tileSize, perRow: 6});
}
