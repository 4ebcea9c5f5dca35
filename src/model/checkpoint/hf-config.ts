import {z} from 'zod';
import {exitCodes, UserError} from '../../support/errors.js';
import type {ClipConfig, TextConfig, VitConfig} from '../clip-config.js';
import type {WeightDtype} from '../clip-model.js';
import {checkTowers} from './check-towers.js';
import {count, defaultPreprocess, orDefault, squareSize} from './clip-preprocess.js';
import {hfPreprocess, preprocessFromHf} from './hf-preprocess.js';
import {checkJson, type JsonFile} from './json-file.js';

const activation = orDefault(z.enum(['quick_gelu', 'gelu']), 'quick_gelu');
const epsilon = orDefault(z.number().positive(), 1e-5);
const tokenId = z.int().nonnegative();
const torchNames = {F16: 'float16', BF16: 'bfloat16', F32: 'float32'} as const;

/** An end token of 2 is what configurations said before transformers 4.31, whatever the vocabulary. */
const legacyEndToken = 2;

// defaults are those of transformers' CLIPConfig, which older files leave out
const visionSchema = z.looseObject({
  hidden_size: orDefault(count, 768),
  intermediate_size: orDefault(count, 3072),
  num_hidden_layers: orDefault(count, 12),
  num_attention_heads: orDefault(count, 12),
  num_channels: orDefault(z.literal(3), 3),
  image_size: orDefault(squareSize, 224),
  patch_size: orDefault(squareSize, 32),
  hidden_act: activation,
  layer_norm_eps: epsilon,
});

const textSchema = z.looseObject({
  vocab_size: orDefault(count, 49408),
  hidden_size: orDefault(count, 512),
  intermediate_size: orDefault(count, 2048),
  num_hidden_layers: orDefault(count, 12),
  num_attention_heads: orDefault(count, 8),
  max_position_embeddings: orDefault(count, 77),
  hidden_act: activation,
  layer_norm_eps: epsilon,
  pad_token_id: orDefault(tokenId, 1),
  bos_token_id: orDefault(tokenId, 49406),
  eos_token_id: orDefault(z.union([tokenId, z.tuple([tokenId]).transform(([id]) => id)]), 49407),
});

const configSchema = z.looseObject({
  model_type: z.literal('clip'),
  projection_dim: orDefault(count, 512),
  vision_config: z.looseObject({}).nullish(),
  text_config: z.looseObject({}).nullish(),
  // older files carry a second copy, which wins where it is not null
  vision_config_dict: z.looseObject({}).nullish(),
  text_config_dict: z.looseObject({}).nullish(),
});

/**
 * The architecture that a Hugging Face `config.json` (with its `preprocessor_config.json`, if any) describes.
 * @throws UserError with exit code `data` when it is not a CLIP that we can run.
 */
export function clipConfigFromHf({path, value}: JsonFile, preprocessor: JsonFile | undefined): ClipConfig {
  const config = checkJson(configSchema, value, path);
  const vision = checkJson(visionSchema, towerOf(config, 'vision_config'), `${path}: vision_config`);
  const text = checkJson(textSchema, towerOf(config, 'text_config'), `${path}: text_config`);
  if (vision.hidden_act !== text.hidden_act) {
    throw invalid(
      path,
      `expected one hidden_act in both towers, got ${vision.hidden_act} and ${text.hidden_act}`,
    );
  }
  const size = vision.image_size;
  const clip: ClipConfig = {
    embedDim: config.projection_dim,
    activation: text.hidden_act,
    vision: visionConfig(vision),
    text: textConfig(text, path),
    preprocess: preprocessor === undefined ? defaultPreprocess(size) : preprocessFromHf(preprocessor, size),
  };
  checkTowers(clip, path);
  return clip;
}

/** The `config.json` and `preprocessor_config.json` of a ViT CLIP. */
export function hfConfigFiles(config: ClipConfig, dtype: WeightDtype): Record<string, unknown> {
  const {embedDim, activation: hidden_act, vision, text} = config;
  if (vision.kind === 'resnet') {
    throw new UserError('hf layout: expected a ViT image tower, got a ResNet', {
      tryThis: 'save in the open_clip layout',
    });
  }
  if (text.endToken === legacyEndToken) {
    throw new UserError(
      `hf layout: expected an end token other than ${legacyEndToken}, which transformers misreads`,
      {
        tryThis: 'save in the open_clip layout',
      },
    );
  }
  const json = {
    architectures: ['CLIPModel'],
    model_type: 'clip',
    dtype: torchNames[dtype],
    torch_dtype: torchNames[dtype], // the name of `dtype` before transformers 4.56
    projection_dim: embedDim,
    vision_config: {...towerJson(vision, hidden_act), ...visionJson(vision), projection_dim: embedDim},
    text_config: {...towerJson(text, hidden_act), ...textJson(text), projection_dim: embedDim},
  };
  return {'config.json': json, 'preprocessor_config.json': hfPreprocess(config.preprocess)};
}

function towerOf(config: z.output<typeof configSchema>, key: 'vision_config' | 'text_config'): unknown {
  return config[`${key}_dict`] ?? config[key] ?? {};
}

function visionConfig(vision: z.output<typeof visionSchema>): VitConfig {
  return {
    kind: 'vit',
    imageSize: vision.image_size,
    patchSize: vision.patch_size,
    width: vision.hidden_size,
    layers: vision.num_hidden_layers,
    heads: vision.num_attention_heads,
    mlpWidth: vision.intermediate_size,
    layerNormEpsilon: vision.layer_norm_eps,
  };
}

function textConfig(text: z.output<typeof textSchema>, where: string): TextConfig {
  return {
    contextLength: text.max_position_embeddings,
    vocabSize: text.vocab_size,
    width: text.hidden_size,
    layers: text.num_hidden_layers,
    heads: text.num_attention_heads,
    mlpWidth: text.intermediate_size,
    layerNormEpsilon: text.layer_norm_eps,
    ...specialTokens(text, where),
  };
}

/** Legacy files pool at the highest id: there the end token is the last of the vocabulary, the start token before it. */
function specialTokens(text: z.output<typeof textSchema>, where: string) {
  const {vocab_size, bos_token_id, eos_token_id, pad_token_id} = text;
  if (eos_token_id === legacyEndToken)
    return {startToken: vocab_size - 2, endToken: vocab_size - 1, padToken: 0};
  for (const [key, id] of Object.entries({bos_token_id, eos_token_id, pad_token_id})) {
    if (id >= vocab_size) {
      throw invalid(where, `text_config: ${key}: expected a token below vocab_size ${vocab_size}, got ${id}`);
    }
  }
  return {startToken: bos_token_id, endToken: eos_token_id, padToken: pad_token_id};
}

function towerJson(tower: VitConfig | TextConfig, hidden_act: string) {
  return {
    hidden_size: tower.width,
    intermediate_size: tower.mlpWidth,
    num_hidden_layers: tower.layers,
    num_attention_heads: tower.heads,
    hidden_act,
    layer_norm_eps: tower.layerNormEpsilon,
  };
}

function visionJson({imageSize, patchSize}: VitConfig) {
  return {model_type: 'clip_vision_model', image_size: imageSize, patch_size: patchSize, num_channels: 3};
}

function textJson(text: TextConfig) {
  return {
    model_type: 'clip_text_model',
    vocab_size: text.vocabSize,
    max_position_embeddings: text.contextLength,
    bos_token_id: text.startToken,
    eos_token_id: text.endToken,
    pad_token_id: text.padToken,
  };
}

function invalid(where: string, message: string): UserError {
  return new UserError(`${where}: ${message}`, {exit: exitCodes.data});
}
