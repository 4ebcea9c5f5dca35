/** What every layer of a vision transformer attends to, one image at a time in plain float64 loops. */
import type {ClipConfig, VitConfig} from '../../src/model/clip-config.js';
import {placedPatches} from './clip-towers.js';
import type {Matrix} from './matrix.js';
import {block, layerNormRow, linearRow, softmax, type Numbers} from './transformer.js';

/** [layers][heads] maps [1 + p, 1 + p], rows sum to 1. */
export function vitAttention(
  image: ArrayLike<number>,
  config: ClipConfig & {vision: VitConfig},
  weights: Numbers,
): Matrix[][] {
  const {vision, activation} = config;
  const options = {...vision, epsilon: vision.layerNormEpsilon, activation, causal: false};
  const width = vision.width / vision.heads;
  let rows = placedPatches(image, config, weights);
  return Array.from({length: vision.layers}, (_, layer) => {
    const name = `visual.transformer.resblocks.${layer}`;
    const of = (part: string) => weights[`${name}.${part}`]!;
    const qkv = rows.map((row) =>
      linearRow(
        layerNormRow(row, of('ln_1.weight'), of('ln_1.bias'), vision.layerNormEpsilon),
        of('attn.in_proj_weight'),
        of('attn.in_proj_bias'),
      ),
    );
    const maps = Array.from({length: vision.heads}, (__, head) => {
      const columns = Array.from({length: width}, (___, c) => head * width + c);
      return qkv.map((query) =>
        softmax(
          qkv.map(
            (key) =>
              columns.reduce((sum, c) => sum + query[c]! * key[vision.width + c]!, 0) / Math.sqrt(width),
          ),
        ),
      );
    });
    rows = block(rows, weights, name, options);
    return maps;
  });
}
