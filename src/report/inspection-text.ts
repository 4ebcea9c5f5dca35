import {layerTableText} from './layer-table-text.js';

/** What all diagnostics of attention print alike. */
export interface PrintedInspection<M> {
  readonly images: {readonly origin: string; readonly count: number; readonly total: number};
  readonly models: readonly M[];
  readonly picture: string | null;
}

interface PrintedHeads {
  readonly model: string;
  readonly layers: readonly {readonly flattened: number; readonly perQuery: number}[];
}

interface PrintedLayers {
  readonly model: string;
  readonly layers: readonly {readonly heads: readonly number[]; readonly mean: number}[];
}

/** How alike the heads of each layer are, one column a model. */
export function headsText(inspected: PrintedInspection<PrintedHeads>): string {
  const title = `Cosine between the attention of two heads, mean over queries (over whole maps): ${aboutImages(inspected)}`;
  const columns = inspected.models.map(({model, layers}) => ({
    heading: model,
    cells: layers.map(({flattened, perQuery}) => `${shownCosine(perQuery)} (${shownCosine(flattened)})`),
  }));
  return withPicture(layerTableText(title, columns), inspected);
}

/** How far the heads of each layer look, one column a model. */
export function distancesText(inspected: PrintedInspection<PrintedLayers>): string {
  const title = `Attention distance in pixels, mean of the heads (nearest to farthest head): ${aboutImages(inspected)}`;
  return withPicture(
    layerTableText(
      title,
      rangeColumns(inspected, (value) => value.toFixed(1)),
    ),
    inspected,
  );
}

/** How far the attention of each layer is from depending on offsets alone, one column a model. */
export function equivarianceText(inspected: PrintedInspection<PrintedLayers>): string {
  const title = `Variance of attention among patches of one offset, mean of the heads (lowest to highest head): ${aboutImages(inspected)}`;
  return withPicture(
    layerTableText(
      title,
      rangeColumns(inspected, (value) => value.toExponential(2)),
    ),
    inspected,
  );
}

function rangeColumns({models}: PrintedInspection<PrintedLayers>, shown: (value: number) => string) {
  return models.map(({model, layers}) => ({
    heading: model,
    cells: layers.map(
      ({heads, mean}) => `${shown(mean)} (${shown(Math.min(...heads))} to ${shown(Math.max(...heads))})`,
    ),
  }));
}

/** One head has nothing to be compared with. */
function shownCosine(value: number): string {
  return Number.isNaN(value) ? '-' : value.toFixed(3);
}

/** Which images a diagnostic looked at. */
export function aboutImages({
  images: {origin, count, total},
}: Pick<PrintedInspection<unknown>, 'images'>): string {
  return count === total ? `${count} images of ${origin}` : `${count} of ${total} images of ${origin}`;
}

function withPicture(text: string, {picture}: {readonly picture: string | null}): string {
  return picture === null ? text : `${text}\n\n${picture}`;
}
