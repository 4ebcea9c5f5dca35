import {saveClip} from '../../model/checkpoint.js';
import type {ClipConfig} from '../../model/clip-config.js';
import {randomModel} from '../../model/random-model.js';
import {endToken, startToken} from '../../model/tokenizer/vocab-and-merges.js';
import {learnTokenizer, writeTokenizer} from '../../model/tokenizer/learn-tokenizer.js';

/** The sizes of a CLIP of vision transformers that is trained from scratch; layers' inner width is four times the outer. */
export interface Architecture {
  readonly embedDim: number;
  readonly image: {
    readonly size: number;
    readonly patch: number;
    readonly width: number;
    readonly layers: number;
    readonly heads: number;
  };
  readonly text: {
    readonly context: number;
    /** At most: captions that hold little have fewer tokens. */
    readonly vocabulary: number;
    readonly width: number;
    readonly layers: number;
    readonly heads: number;
  };
}

/**
 * Writes an untrained CLIP with a tokenizer learnt from captions: Hugging Face's layout, weights in float32. The same
 * input gives the same bytes.
 */
export async function writeStartModel(
  folder: string,
  architecture: Architecture,
  {captions, seed}: {readonly captions: Iterable<string>; readonly seed: number},
): Promise<void> {
  const tokenizer = learnTokenizer(captions, architecture.text.vocabulary);
  const config = clipConfig(architecture, tokenizer.vocabulary);
  await saveClip(randomModel(config, seed), folder, {layout: 'hf', dtype: 'F32'});
  await writeTokenizer(folder, tokenizer);
}

function clipConfig(
  {embedDim, image, text}: Architecture,
  vocabulary: Readonly<Record<string, number>>,
): ClipConfig {
  const layerNormEpsilon = 1e-5;
  return {
    embedDim,
    activation: 'gelu',
    vision: {
      kind: 'vit',
      imageSize: image.size,
      patchSize: image.patch,
      width: image.width,
      layers: image.layers,
      heads: image.heads,
      mlpWidth: 4 * image.width,
      layerNormEpsilon,
    },
    text: {
      contextLength: text.context,
      vocabSize: Object.keys(vocabulary).length,
      width: text.width,
      layers: text.layers,
      heads: text.heads,
      mlpWidth: 4 * text.width,
      layerNormEpsilon,
      startToken: vocabulary[startToken]!,
      endToken: vocabulary[endToken]!,
      padToken: vocabulary[endToken]!,
    },
    preprocess: {
      size: image.size,
      interpolation: 'bicubic',
      mean: [0.48145466, 0.4578275, 0.40821073],
      std: [0.26862954, 0.26130258, 0.27577711],
    },
  };
}
