import type {EngineChoice} from '../../engine/backend.js';
import type {ClipModel} from '../../model/clip-model.js';
import type {VitConfig} from '../../model/clip-config.js';
import type {AttentionMaps} from '../../model/diagnostics/attention-maps.js';
import {attentionBytes, createAttentionReader} from '../../model/diagnostics/attention-reader.js';
import type {PatchGrid} from '../../model/patch-grid.js';
import {exitCodes, UserError} from '../../support/errors.js';
import type {EmbeddingProgress} from '../embed-rows.js';
import {openEngine, openModel, type OpenModelEvent} from '../open-model.js';
import {openInspected, towerPixels, type InspectedImages} from './inspected-images.js';

/** What the diagnostics of attention have in common. */
export interface InspectAttentionOptions {
  /** Folders, `hf:owner/name`, or names such as `ViT-B-32/openai`. */
  readonly models: readonly string[];
  /** Images without captions; undefined: drawings of our own. */
  readonly images?: string | undefined;
  /** At most this many images, spread over all. */
  readonly limit: number;
  readonly engine?: EngineChoice | undefined;
  /** Where a picture is written, `.png` or `.svg`. */
  readonly out?: string | undefined;
}

export type InspectEvent = OpenModelEvent | EmbeddingProgress;

/** The part of every report that says what it is about. */
export interface InspectedBy<D extends string, M> {
  readonly version: 1;
  readonly diagnostic: D;
  readonly images: {readonly origin: string; readonly count: number; readonly total: number};
  readonly models: readonly M[];
  /** The picture, if one was asked for. */
  readonly picture: string | null;
}

/** A vision transformer whose attention is looked at. */
export interface LookedAt {
  readonly model: string;
  readonly vision: VitConfig;
  readonly grid: PatchGrid;
}

/** Collects what one diagnostic needs of the maps of one model, layer by layer of image after image. */
export interface AttentionCollector<M> {
  see(layer: number, maps: AttentionMaps): void;
  result(): M;
}

/** Bytes of attention that are on their way at a time. */
const batchBytes = 128 * 2 ** 20;

/**
 * Shows the attention of every layer to every image to a collector, model by model. Yields progress.
 * @throws UserError for anything about the models, the images or the engine; for a ResNet, whose layers do not attend
 */
export async function* inspectedAttention<M>(
  {models, images: path, limit, engine}: InspectAttentionOptions,
  collectorOf: (about: LookedAt) => AttentionCollector<M>,
): AsyncGenerator<InspectEvent, {readonly images: InspectedImages; readonly models: M[]}> {
  const images = yield* openInspected(path, limit);
  const opened: {model: ClipModel; vision: VitConfig}[] = [];
  for (const reference of models) {
    const {model} = yield* openModel(reference);
    opened.push({model, vision: transformerOf(reference, model)});
  }
  yield* openEngine(engine ?? 'auto');
  const results: M[] = [];
  for (const [i, {model, vision}] of opened.entries()) {
    const reader = createAttentionReader(model, vision);
    const collector = collectorOf({model: models[i]!, vision, grid: reader.grid});
    const batch = Math.min(Math.max(Math.floor(batchBytes / attentionBytes(vision)), 1), 16);
    try {
      for (let start = 0; start < images.images.length; start += batch) {
        const part = images.images.slice(start, start + batch);
        const maps = reader.read(await towerPixels(part, model.config.preprocess));
        for (const layers of maps) layers.forEach((own, layer) => collector.see(layer, own));
        const done = Math.min(start + batch, images.images.length);
        yield {type: 'progress', what: `attention of ${models[i]}`, done, total: images.images.length};
      }
    } finally {
      reader.dispose();
    }
    results.push(collector.result());
  }
  return {images, models: results};
}

function transformerOf(reference: string, {config: {vision}}: ClipModel): VitConfig {
  if (vision.kind === 'vit') return vision;
  throw new UserError(
    `${reference}: expected a vision transformer, whose layers attend from patch to patch, got a ResNet`,
    {
      exit: exitCodes.data,
      tryThis: 'fewclip inspect landscape or fewclip inspect words, which ResNets have too',
    },
  );
}

/** How a report names the images. */
export function aboutImages({
  origin,
  images,
  total,
}: InspectedImages): InspectedBy<string, unknown>['images'] {
  return {origin, count: images.length, total};
}
