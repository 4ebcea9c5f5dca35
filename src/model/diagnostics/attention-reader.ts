import type {Tensor4D} from '@tensorflow/tfjs-core';
import {compileForward} from '../../engine/compile-forward.js';
import type {HostArray} from '../../engine/step.js';
import type {VitConfig} from '../clip-config.js';
import type {ClipModel} from '../clip-model.js';
import type {PatchGrid} from '../patch-grid.js';
import {imageWeights} from '../tower-weights.js';
import {vitAttention} from '../vit.js';
import type {AttentionMaps} from './attention-maps.js';

/** The image tower of a CLIP, to see what its layers attend to. */
export interface AttentionReader {
  readonly grid: PatchGrid;
  /** [n, s, s, 3], normalised -> for each image the maps of each layer. */
  read(pixels: HostArray): AttentionMaps[][];
  /** Frees the weights. */
  dispose(): void;
}

/** Puts the image tower of a model on the current backend; the caller disposes it. */
export function createAttentionReader(
  {config: {activation}, weights}: ClipModel,
  vision: VitConfig,
): AttentionReader {
  const forward = compileForward(
    (own, _state, {pixels}) => vitAttention(pixels as Tensor4D, {...vision, activation}, own),
    {weights: imageWeights(weights), state: {}},
  );
  const {layers, heads} = vision;
  const grid = patchGrid(vision);
  const tokens = 1 + grid.rows * grid.columns;
  return {
    grid,
    read(pixels) {
      const {shape, data} = forward.run({pixels});
      const length = heads * tokens * tokens;
      return Array.from({length: shape[0]!}, (_, image) =>
        Array.from({length: layers}, (__, layer) => {
          const at = (image * layers + layer) * length;
          return {heads, tokens, weights: data.subarray(at, at + length)};
        }),
      );
    },
    dispose: () => forward.dispose(),
  };
}

/** Bytes of the maps of one image, [layers, heads, 1 + p, 1 + p] in float32. */
export function attentionBytes(vision: VitConfig): number {
  const {rows, columns} = patchGrid(vision);
  return 4 * vision.layers * vision.heads * (1 + rows * columns) ** 2;
}

function patchGrid({imageSize, patchSize}: VitConfig): PatchGrid {
  const side = Math.floor(imageSize / patchSize);
  return {rows: side, columns: side};
}
