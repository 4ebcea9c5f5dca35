import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {saveClip} from '../../src/model/checkpoint.js';
import type {ClipConfig} from '../../src/model/clip-config.js';
import {randomModel} from '../../src/model/random-model.js';
import {byteSymbols} from '../../src/model/tokenizer/byte-symbols.js';

const bytes = [...byteSymbols().values()];
const vocabulary = ['<|startoftext|>', '<|endoftext|>', ...bytes, ...bytes.map((symbol) => `${symbol}</w>`)];

/** A CLIP that embeds an image of 16 x 16 pixels in a few milliseconds on any engine. */
export const untrainedConfig: ClipConfig = {
  embedDim: 16,
  activation: 'quick_gelu',
  vision: {
    kind: 'vit',
    imageSize: 16,
    patchSize: 8,
    width: 32,
    layers: 1,
    heads: 2,
    mlpWidth: 64,
    layerNormEpsilon: 1e-5,
  },
  text: {
    contextLength: 40,
    vocabSize: vocabulary.length,
    width: 32,
    layers: 1,
    heads: 2,
    mlpWidth: 64,
    layerNormEpsilon: 1e-5,
    startToken: 0,
    endToken: 1,
    padToken: 1,
  },
  preprocess: {
    size: 16,
    interpolation: 'bicubic',
    mean: [0.48145466, 0.4578275, 0.40821073],
    std: [0.26862954, 0.26130258, 0.27577711],
  },
};

/** Writes an untrained {@link untrainedConfig} CLIP with a tokenizer of single bytes; returns the folder. */
export async function writeUntrainedClip(folder: string, seed = 0): Promise<string> {
  await saveClip(randomModel(untrainedConfig, seed), folder, {layout: 'hf', dtype: 'F32'});
  writeFileSync(
    join(folder, 'vocab.json'),
    JSON.stringify(Object.fromEntries(vocabulary.map((entry, id) => [entry, id]))),
  );
  writeFileSync(join(folder, 'merges.txt'), '#version: 0.2\n');
  return folder;
}
