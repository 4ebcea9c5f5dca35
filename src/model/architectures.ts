import {UserError} from '../support/errors.js';
import {knownNames} from '../support/nearest-name.js';
import type {ClipConfig, ResNetConfig, TextConfig, VitConfig} from './clip-config.js';

/** The sizes that the published models differ in. */
interface Sizes {
  readonly embedDim: number;
  readonly vision: VitSizes | ResNetSizes;
  readonly text: {readonly width: number; readonly heads: number; readonly layers: number};
}
type VitSizes = Omit<VitConfig, 'mlpWidth' | 'layerNormEpsilon'>;
type ResNetSizes = Omit<ResNetConfig, 'heads'>;

const base = {width: 512, heads: 8, layers: 12};
const large = {width: 768, heads: 12, layers: 12};
const vitBase = {kind: 'vit', imageSize: 224, width: 768, layers: 12, heads: 12} as const;
const vitLarge = {kind: 'vit', patchSize: 14, width: 1024, layers: 24, heads: 16} as const;

// Radford et al. 2021, tables 19 and 20; ViT-H-14: Cherti et al. 2023
const published: Readonly<Record<string, Sizes>> = {
  'ViT-B-32': {embedDim: 512, vision: {...vitBase, patchSize: 32}, text: base},
  'ViT-B-16': {embedDim: 512, vision: {...vitBase, patchSize: 16}, text: base},
  'ViT-L-14': {embedDim: 768, vision: {...vitLarge, imageSize: 224}, text: large},
  'ViT-L-14-336': {embedDim: 768, vision: {...vitLarge, imageSize: 336}, text: large},
  'ViT-H-14': {
    embedDim: 1024,
    vision: {kind: 'vit', imageSize: 224, patchSize: 14, width: 1280, layers: 32, heads: 16},
    text: {width: 1024, heads: 16, layers: 24},
  },
  RN50: {
    embedDim: 1024,
    vision: {kind: 'resnet', imageSize: 224, stageBlocks: [3, 4, 6, 3], width: 64},
    text: base,
  },
  RN101: {
    embedDim: 512,
    vision: {kind: 'resnet', imageSize: 224, stageBlocks: [3, 4, 23, 3], width: 64},
    text: base,
  },
  RN50x4: {
    embedDim: 640,
    vision: {kind: 'resnet', imageSize: 288, stageBlocks: [4, 6, 10, 6], width: 80},
    text: {width: 640, heads: 10, layers: 12},
  },
  RN50x16: {
    embedDim: 768,
    vision: {kind: 'resnet', imageSize: 384, stageBlocks: [6, 8, 18, 8], width: 96},
    text: large,
  },
  RN50x64: {
    embedDim: 1024,
    vision: {kind: 'resnet', imageSize: 448, stageBlocks: [3, 15, 36, 10], width: 128},
    text: {width: 1024, heads: 16, layers: 12},
  },
};

const quickSuffix = '-quickgelu';

/** Names of the published architectures, each also with `-quickgelu`, the activation of OpenAI's weights. */
export const architectureNames: readonly string[] = Object.keys(published);

/**
 * The configuration of a published architecture by its OpenCLIP name, for example `ViT-B-32-quickgelu`.
 * @throws UserError for any other name
 */
export function architecture(name: string): ClipConfig {
  const isQuick = name.endsWith(quickSuffix);
  const sizes = published[isQuick ? name.slice(0, -quickSuffix.length) : name];
  if (sizes === undefined) {
    const known = architectureNames.flatMap((plain) => [plain, plain + quickSuffix]);
    throw new UserError(`architecture: expected a known name, got ${name} (${knownNames(name, known)})`);
  }
  return {
    embedDim: sizes.embedDim,
    activation: isQuick ? 'quick_gelu' : 'gelu',
    vision: sizes.vision.kind === 'vit' ? vitConfig(sizes.vision) : resNetConfig(sizes.vision),
    text: textConfig(sizes.text),
    preprocess: {
      size: sizes.vision.imageSize,
      interpolation: 'bicubic',
      mean: [0.48145466, 0.4578275, 0.40821073],
      std: [0.26862954, 0.26130258, 0.27577711],
    },
  };
}

function vitConfig(sizes: VitSizes): VitConfig {
  return {...sizes, mlpWidth: 4 * sizes.width, layerNormEpsilon: 1e-5};
}

function resNetConfig(sizes: ResNetSizes): ResNetConfig {
  // heads of 64 channels over the last map's 32 * width
  return {...sizes, heads: sizes.width / 2};
}

function textConfig(sizes: Sizes['text']): TextConfig {
  return {
    ...sizes,
    contextLength: 77,
    vocabSize: 49_408,
    mlpWidth: 4 * sizes.width,
    layerNormEpsilon: 1e-5,
    startToken: 49_406,
    endToken: 49_407,
    padToken: 0,
  };
}
