import {architecture} from '../../src/model/architectures.js';
import type {ClipConfig} from '../../src/model/clip-config.js';
import {UserError} from '../../src/support/errors.js';
import {knownNames} from '../../src/support/nearest-name.js';

/** A model that is trained in the bench. */
export interface BenchModel {
  readonly config: ClipConfig;
  /** Pairs a step, unless others are asked for. */
  readonly batches: readonly number[];
}

/** 64 pixels in patches of 8, 9 M parameters: a CLIP that trains on a laptop. */
function tinyConfig(): ClipConfig {
  const {preprocess, text} = architecture('ViT-B-32');
  const tower = {width: 192, heads: 3, mlpWidth: 768, layerNormEpsilon: 1e-5};
  return {
    embedDim: 192,
    activation: 'quick_gelu',
    vision: {kind: 'vit', imageSize: 64, patchSize: 8, layers: 8, ...tower},
    text: {
      ...text,
      ...tower,
      layers: 6,
      contextLength: 32,
      vocabSize: 8192,
      startToken: 8190,
      endToken: 8191,
    },
    preprocess: {...preprocess, size: 64},
  };
}

const models: Readonly<Record<string, () => BenchModel>> = {
  tiny: () => ({config: tinyConfig(), batches: [64]}),
  'ViT-B-32': () => ({config: architecture('ViT-B-32'), batches: [16, 32]}),
  'ViT-B-16': () => ({config: architecture('ViT-B-16'), batches: [8]}),
  RN50: () => ({config: architecture('RN50'), batches: [16]}),
};

/** Names of the models of the bench, the smallest first. */
export const benchModelNames: readonly string[] = Object.keys(models);

/** @throws UserError for a name that is not among them */
export function benchModel(name: string): BenchModel {
  const make = models[name];
  if (make) return make();
  throw new UserError(`--model: expected a known model, got ${name} (${knownNames(name, benchModelNames)})`);
}
