import type {ClipConfig, ResNetConfig, VitConfig} from '../../src/model/clip-config.js';

const preprocess = {interpolation: 'bicubic', mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25]} as const;

const text = {
  contextLength: 5,
  vocabSize: 11,
  width: 6,
  layers: 2,
  heads: 2,
  mlpWidth: 8,
  layerNormEpsilon: 1e-5,
  startToken: 9,
  endToken: 10,
  padToken: 0,
};

/** A CLIP with a vision transformer, small enough for central differences of all its weights. */
export const tinyVit: ClipConfig & {readonly vision: VitConfig} = {
  embedDim: 3,
  activation: 'quick_gelu',
  vision: {
    kind: 'vit',
    imageSize: 4,
    patchSize: 2,
    width: 4,
    layers: 2,
    heads: 2,
    mlpWidth: 6,
    layerNormEpsilon: 1e-5,
  },
  text,
  preprocess: {...preprocess, size: 4},
};

/** A CLIP with the smallest ResNet that has every kind of block. */
export const tinyResNet: ClipConfig & {readonly vision: ResNetConfig} = {
  embedDim: 3,
  activation: 'gelu',
  vision: {kind: 'resnet', imageSize: 32, stageBlocks: [2, 1, 1, 1], width: 2, heads: 4},
  text,
  preprocess: {...preprocess, size: 32},
};
