import type {ClipConfig, ResNetConfig, TextConfig, VitConfig} from '../../src/model/clip-config.js';

/** Rows of a training step. */
export interface StepSize {
  readonly images: number;
  /** Texts by the length of their rows. */
  readonly texts: readonly {readonly rows: number; readonly length: number}[];
}

/**
 * Arithmetic of one training step in FLOP, counted from the architecture: matrix products and convolutions of both
 * towers, a multiplication and an addition each, and twice as much again for the backward pass. The first layer of
 * the image tower has no gradient of its input, and saves one part of three. Norms, activations, softmax, losses and
 * the optimiser are left out, as usual. It is what open_clip computes; an implementation that saves some of it (the rows
 * of the last block that nothing reads) is credited with all.
 */
export function trainingFlops(config: ClipConfig, {images, texts}: StepSize): number {
  const text = texts.reduce((sum, {rows, length}) => sum + rows * textFlops(config, length), 0);
  return 3 * (images * imageFlops(config) + text) - images * firstLayerFlops(config);
}

/** FLOP of the image tower's forward pass for one image. */
export function imageFlops({vision, embedDim}: ClipConfig): number {
  return vision.kind === 'vit' ? vitFlops(vision, embedDim) : resNetFlops(vision, embedDim);
}

/** FLOP of the text tower's forward pass for one text in a row of some length. */
export function textFlops({text, embedDim}: Pick<ClipConfig, 'text' | 'embedDim'>, length: number): number {
  return blocksFlops(text, length) + product(1, text.width, embedDim);
}

function firstLayerFlops({vision}: ClipConfig): number {
  return vision.kind === 'vit' ? patchFlops(vision) : stemFlops(vision)[0]!;
}

/** [m, k] x [k, n] */
function product(m: number, k: number, n: number): number {
  return 2 * m * k * n;
}

/** A stack of transformer blocks on t tokens: qkv, scores, weighted values, output, and the two layers of the MLP. */
function blocksFlops({width, layers, mlpWidth}: VitConfig | TextConfig, t: number): number {
  const attention = product(t, width, 3 * width) + 2 * product(t, width, t) + product(t, width, width);
  return layers * (attention + 2 * product(t, width, mlpWidth));
}

function patchFlops({imageSize, patchSize, width}: VitConfig): number {
  return product(Math.floor(imageSize / patchSize) ** 2, 3 * patchSize ** 2, width);
}

function vitFlops(vision: VitConfig, embedDim: number): number {
  const tokens = 1 + Math.floor(vision.imageSize / vision.patchSize) ** 2;
  return patchFlops(vision) + blocksFlops(vision, tokens) + product(1, vision.width, embedDim);
}

/** A convolution to a map of side `side`, from and to channels. */
function convolution(side: number, kernel: number, from: number, to: number): number {
  return product(side ** 2, kernel ** 2 * from, to);
}

/** The three convolutions in front of the stages, which halve the side once. */
function stemFlops({imageSize, width}: ResNetConfig): number[] {
  const side = imageSize / 2;
  const half = width / 2;
  return [convolution(side, 3, 3, half), convolution(side, 3, half, half), convolution(side, 3, half, width)];
}

function resNetFlops(vision: ResNetConfig, embedDim: number): number {
  const {imageSize, stageBlocks, width} = vision;
  const stages = stageBlocks.map((blocks, stage) => stageFlops(vision, stage, blocks));
  return [...stemFlops(vision), ...stages, poolFlops(imageSize / 32, 32 * width, embedDim)].reduce(
    (a, b) => a + b,
  );
}

/** Bottlenecks of one stage; the first pools behind its 3 x 3 convolution when the side halves. */
function stageFlops({imageSize, width}: ResNetConfig, stage: number, blocks: number): number {
  const planes = width * 2 ** stage;
  const side = imageSize / 4 / 2 ** stage;
  const before = stage === 0 ? side : 2 * side;
  const from = stage === 0 ? width : 2 * planes;
  const first =
    convolution(before, 1, from, planes) +
    convolution(before, 3, planes, planes) +
    convolution(side, 1, planes, 4 * planes) +
    convolution(side, 1, from, 4 * planes);
  const other =
    convolution(side, 1, 4 * planes, planes) +
    convolution(side, 3, planes, planes) +
    convolution(side, 1, planes, 4 * planes);
  return first + (blocks - 1) * other;
}

/** Attention pooling of all pixels and their mean. */
function poolFlops(side: number, width: number, embedDim: number): number {
  const tokens = 1 + side ** 2;
  const attention = 3 * product(tokens, width, width) + 2 * product(tokens, width, tokens);
  return attention + product(tokens, width, embedDim);
}
