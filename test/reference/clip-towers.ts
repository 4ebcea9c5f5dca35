/** Both transformer towers of CLIP, one input at a time in plain float64 loops. */
import type {ClipConfig, VitConfig} from '../../src/model/clip-config.js';
import {blocks, layerNormRow, projectRow, toRows, type Numbers, type Rows} from './transformer.js';

/** Tokens of a text behind the last norm: [t, w]. */
export function textTokens(ids: readonly number[], {text, activation}: ClipConfig, weights: Numbers): Rows {
  const table = toRows(weights['token_embedding.weight']!, text.width);
  const positions = toRows(weights['positional_embedding']!, text.width);
  const placed = ids.map((id, i) => table[id]!.map((value, c) => value + positions[i]![c]!));
  const options = {...text, epsilon: text.layerNormEpsilon, activation, causal: true};
  return blocks(placed, weights, 'transformer.', options).map((row) =>
    layerNormRow(row, weights['ln_final.weight']!, weights['ln_final.bias']!, text.layerNormEpsilon),
  );
}

/** The feature of a text, read at its end token: [d]. */
export function textFeature(ids: readonly number[], config: ClipConfig, weights: Numbers): number[] {
  const end = ids.indexOf(config.text.endToken);
  return projectRow(textTokens(ids, config, weights)[end]!, weights['text_projection']!);
}

/** What a pass leaves out. */
export interface LeftOut {
  /** What the attention and the MLP branch of each block are multiplied by; default 1. */
  readonly paths?: readonly number[];
  /** For each patch whether the mask stands in its place. */
  readonly hidden?: readonly boolean[];
  readonly mask?: ArrayLike<number>;
}

/** Tokens of an image [s, s, 3], row-major, behind the last norm, the class token first: [1 + p, w]. */
export function vitTokens(
  image: ArrayLike<number>,
  config: ClipConfig & {vision: VitConfig},
  weights: Numbers,
  {paths = [], hidden = [], mask = []}: LeftOut = {},
): Rows {
  const {vision, activation} = config;
  const options = {...vision, epsilon: vision.layerNormEpsilon, activation, causal: false, paths};
  const placed = placedPatches(image, config, weights, {hidden, mask});
  return blocks(placed, weights, 'visual.transformer.', options).map((row) =>
    visionNorm(row, 'ln_post', vision, weights),
  );
}

/** What the first block takes in: class token and patches with their positions, normalised: [1 + p, w]. */
export function placedPatches(
  image: ArrayLike<number>,
  {vision}: ClipConfig & {vision: VitConfig},
  weights: Numbers,
  {hidden = [], mask = []}: Pick<LeftOut, 'hidden' | 'mask'> = {},
): Rows {
  const positions = toRows(weights['visual.positional_embedding']!, vision.width);
  const seen = patches(image, vision, weights).map((row, i) => (hidden[i] ? Array.from(mask) : row));
  const tokens = [Array.from(weights['visual.class_embedding']!), ...seen];
  return tokens.map((row, i) =>
    visionNorm(
      row.map((value, c) => value + positions[i]![c]!),
      'ln_pre',
      vision,
      weights,
    ),
  );
}

function visionNorm(row: readonly number[], name: string, vision: VitConfig, weights: Numbers): number[] {
  return layerNormRow(
    row,
    weights[`visual.${name}.weight`]!,
    weights[`visual.${name}.bias`]!,
    vision.layerNormEpsilon,
  );
}

/** The feature of an image: [d]. */
export function vitFeature(
  image: ArrayLike<number>,
  config: ClipConfig & {vision: VitConfig},
  weights: Numbers,
): number[] {
  return projectRow(vitTokens(image, config, weights)[0]!, weights['visual.proj']!);
}

/** The patches, row by row, under the kernel [p, p, 3, w]. */
function patches(
  image: ArrayLike<number>,
  {imageSize, patchSize, width}: VitConfig,
  weights: Numbers,
): number[][] {
  const kernel = weights['visual.conv1.weight']!;
  const grid = Math.floor(imageSize / patchSize);
  return Array.from({length: grid * grid}, (_, place) => {
    const [top, left] = [Math.floor(place / grid) * patchSize, (place % grid) * patchSize];
    const sums = new Array<number>(width).fill(0);
    for (let y = 0; y < patchSize; y++)
      for (let x = 0; x < patchSize; x++)
        for (let c = 0; c < 3; c++) {
          const pixel = image[((top + y) * imageSize + left + x) * 3 + c]!;
          for (let o = 0; o < width; o++)
            sums[o]! += pixel * kernel[((y * patchSize + x) * 3 + c) * width + o]!;
        }
    return sums;
  });
}
