import {fileURLToPath} from 'node:url';
import type {ClipConfig} from '../../src/model/clip-config.js';
import type {ClipModel, WeightDtype} from '../../src/model/clip-model.js';
import {bfloat16Value, float16Value, nearestHalf} from '../reference/half-float.js';
import {formulaModel} from './formula-weights.js';

/** A folder or file under test/golden/checkpoints. */
export function goldenCheckpoint(name: string): string {
  return fileURLToPath(new URL(`../golden/checkpoints/${name}`, import.meta.url));
}

export const tinyText = {
  contextLength: 7,
  vocabSize: 32,
  width: 16,
  layers: 1,
  heads: 2,
  mlpWidth: 64,
  layerNormEpsilon: 1e-5,
  startToken: 30,
  endToken: 31,
  padToken: 0,
};
const clipMean = [0.48145466, 0.4578275, 0.40821073] as const;
const clipStd = [0.26862954, 0.26130258, 0.27577711] as const;
export const tinyViT: ClipConfig = {
  embedDim: 12,
  activation: 'quick_gelu',
  vision: {
    kind: 'vit',
    imageSize: 8,
    patchSize: 4,
    width: 24,
    layers: 2,
    heads: 3,
    mlpWidth: 96,
    layerNormEpsilon: 1e-5,
  },
  text: tinyText,
  preprocess: {size: 8, interpolation: 'bicubic', mean: clipMean, std: clipStd},
};
export const tinyResNet: ClipConfig = {
  embedDim: 12,
  activation: 'gelu',
  vision: {kind: 'resnet', imageSize: 32, stageBlocks: [1, 2, 1, 1], width: 4, heads: 4},
  text: tinyText,
  preprocess: {size: 32, interpolation: 'bicubic', mean: [0.5, 0.4, 0.3], std: [0.2, 0.25, 0.3]},
};

/** What the folders of test/golden/checkpoints hold. */
export const goldenCheckpoints: Record<
  string,
  {layout: 'hf' | 'open_clip'; dtype: WeightDtype; config: ClipConfig}
> = {
  'hf-f32': {
    layout: 'hf',
    dtype: 'F32',
    config: {
      ...tinyViT,
      preprocess: {size: 8, interpolation: 'bilinear', mean: [0.5, 0.4, 0.3], std: clipStd},
    },
  },
  'hf-bf16-sharded': {layout: 'hf', dtype: 'BF16', config: tinyViT},
  'hf-f16-legacy': {layout: 'hf', dtype: 'F16', config: tinyViT},
  'open-clip-vit-f16': {
    layout: 'open_clip',
    dtype: 'F16',
    config: {...tinyViT, preprocess: {...tinyViT.preprocess, mean: [0.5, 0.4, 0.3], std: [0.2, 0.25, 0.3]}},
  },
  'open-clip-resnet-f32': {layout: 'open_clip', dtype: 'F32', config: tinyResNet},
};

const nearest = {
  F16: [nearestHalf(float16Value), float16Value],
  BF16: [nearestHalf(bfloat16Value), bfloat16Value],
} as const;

/** The weights by formula, rounded to what the dtype can hold. */
export function roundedModel(config: ClipConfig, dtype: WeightDtype): Pick<ClipModel, 'weights' | 'state'> {
  const {weights, state} = formulaModel(config);
  if (dtype === 'F32') return {weights, state};
  const [toBits, valueOf] = nearest[dtype];
  const rounded = (arrays: ClipModel['weights']) =>
    Object.fromEntries(
      Object.entries(arrays).map(([name, {shape, data}]) => [
        name,
        {shape, data: Float32Array.from(data, (x) => valueOf(toBits(x)))},
      ]),
    );
  return {weights: rounded(weights), state: rounded(state)};
}
