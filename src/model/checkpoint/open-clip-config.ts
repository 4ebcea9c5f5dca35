import {z} from 'zod';
import {exitCodes, UserError} from '../../support/errors.js';
import type {ClipConfig, PreprocessConfig, ResNetConfig, TextConfig, VitConfig} from '../clip-config.js';
import {checkTowers} from './check-towers.js';
import {channelTriple, clipMean, clipStd, count, orDefault, squareSize} from './clip-preprocess.js';
import {checkJson, type JsonFile} from './json-file.js';
import {refuseFeatures} from './open-clip-features.js';

const ratio = orDefault(z.number().positive(), 4);
const normOptions = orDefault(z.strictObject({eps: z.number().positive()}), {eps: 1e-5});

// defaults are those of open_clip's CLIPVisionCfg and CLIPTextCfg
const visionSchema = z.looseObject({
  layers: orDefault(z.union([count, z.tuple([count, count, count, count])]), 12),
  width: orDefault(count, 768),
  head_width: orDefault(count, 64),
  mlp_ratio: ratio,
  patch_size: orDefault(squareSize, 16),
  image_size: orDefault(squareSize, 224),
  norm_kwargs: normOptions,
});

const textSchema = z.looseObject({
  context_length: orDefault(count, 77),
  vocab_size: orDefault(count, 49408),
  width: orDefault(count, 512),
  heads: orDefault(count, 8),
  layers: orDefault(count, 12),
  mlp_ratio: ratio,
  norm_kwargs: normOptions,
  pool_type: orDefault(z.string(), 'argmax'),
  pad_id: orDefault(z.int().nonnegative(), 0),
  eos_id: orDefault(z.int().nonnegative(), 2),
});

const preprocessSchema = z.looseObject({
  mean: orDefault(channelTriple, clipMean),
  std: orDefault(channelTriple, clipStd),
  interpolation: orDefault(z.enum(['bicubic', 'bilinear']), 'bicubic'),
  resize_mode: orDefault(z.literal('shortest'), 'shortest'),
});

const modelSchema = z.looseObject({
  embed_dim: count,
  quick_gelu: orDefault(z.boolean(), false),
  vision_cfg: z.looseObject({}),
  text_cfg: z.looseObject({}),
});

const configSchema = z.looseObject({model_cfg: modelSchema, preprocess_cfg: z.looseObject({}).nullish()});

/** Options that are read, or that matter only in training, only with a refused feature, or not at all. */
const known = {
  model_cfg: new Set([
    ...Object.keys(modelSchema.shape),
    'custom_text',
    'init_logit_scale',
    'cast_dtype',
    'output_dict',
  ]),
  vision_cfg: new Set([
    ...Object.keys(visionSchema.shape),
    ...['patch_dropout', 'output_tokens', 'final_ln_after_pool', 'attn_pooler_queries', 'attn_pooler_heads'],
    ...['timm_model_pretrained', 'timm_pool', 'timm_proj', 'timm_proj_bias', 'timm_drop', 'timm_drop_path'],
  ]),
  text_cfg: new Set([
    ...Object.keys(textSchema.shape).filter((key) => key !== 'pool_type'),
    ...['output_tokens', 'final_ln_after_pool', 'hf_tokenizer_name'],
    ...['hf_model_pretrained', 'hf_proj_type', 'hf_pooler_type'],
  ]),
};

/**
 * The architecture that an `open_clip_config.json` describes.
 * @throws UserError with exit code `data` when it is not a CLIP that we can run, naming the feature.
 */
export function clipConfigFromOpenClip({path, value}: JsonFile): ClipConfig {
  const {model_cfg, preprocess_cfg} = checkJson(configSchema, value, path);
  refuseFeatures('model_cfg', model_cfg, known.model_cfg, path);
  refuseFeatures('vision_cfg', model_cfg.vision_cfg, known.vision_cfg, path);
  refuseFeatures('text_cfg', model_cfg.text_cfg, known.text_cfg, path);
  const vision = checkJson(visionSchema, model_cfg.vision_cfg, `${path}: vision_cfg`);
  const text = checkJson(textSchema, model_cfg.text_cfg, `${path}: text_cfg`);
  const preprocess = checkJson(preprocessSchema, preprocess_cfg ?? {}, `${path}: preprocess_cfg`);
  const config: ClipConfig = {
    embedDim: model_cfg.embed_dim,
    activation: model_cfg.quick_gelu ? 'quick_gelu' : 'gelu',
    vision: visionConfig(vision),
    text: textConfig(text, path),
    preprocess: preprocessConfig(preprocess, vision.image_size),
  };
  checkTowers(config, path);
  return config;
}

/** The `open_clip_config.json` of a CLIP. */
export function openClipConfigFiles({
  embedDim,
  activation,
  vision,
  text,
  preprocess,
}: ClipConfig): Record<string, unknown> {
  const model_cfg = {
    embed_dim: embedDim,
    ...(activation === 'quick_gelu' && {quick_gelu: true}),
    vision_cfg: vision.kind === 'vit' ? vitJson(vision) : resNetJson(vision),
    text_cfg: textJson(text),
  };
  return {'open_clip_config.json': {model_cfg, preprocess_cfg: preprocessJson(preprocess)}};
}

function preprocessConfig(
  {mean, std, interpolation}: z.output<typeof preprocessSchema>,
  size: number,
): PreprocessConfig {
  return {size, interpolation, mean, std};
}

function visionConfig(vision: z.output<typeof visionSchema>): VitConfig | ResNetConfig {
  const {layers, width, head_width, image_size: imageSize} = vision;
  if (typeof layers !== 'number') {
    return {
      kind: 'resnet',
      imageSize,
      stageBlocks: layers,
      width,
      heads: Math.floor((width * 32) / head_width),
    };
  }
  return {
    kind: 'vit',
    imageSize,
    patchSize: vision.patch_size,
    width,
    layers,
    heads: Math.floor(width / head_width),
    mlpWidth: Math.floor(width * vision.mlp_ratio),
    layerNormEpsilon: vision.norm_kwargs.eps,
  };
}

function textConfig(text: z.output<typeof textSchema>, path: string): TextConfig {
  return {
    contextLength: text.context_length,
    vocabSize: text.vocab_size,
    width: text.width,
    layers: text.layers,
    heads: text.heads,
    mlpWidth: Math.floor(text.width * text.mlp_ratio),
    layerNormEpsilon: text.norm_kwargs.eps,
    ...specialTokens(text, path),
  };
}

/** Pooling at the highest id makes the end token the last of the vocabulary; the start token stands before it. */
function specialTokens({vocab_size, pool_type, eos_id, pad_id}: z.output<typeof textSchema>, path: string) {
  const endToken = pool_type === 'eos' ? eos_id : vocab_size - 1;
  for (const [key, id] of Object.entries({eos_id: endToken, pad_id})) {
    if (id < vocab_size) continue;
    throw new UserError(
      `${path}: text_cfg.${key}: expected a token below vocab_size ${vocab_size}, got ${id}`,
      {
        exit: exitCodes.data,
      },
    );
  }
  return {startToken: endToken - 1, endToken, padToken: pad_id};
}

function vitJson(vision: VitConfig): Record<string, unknown> {
  const {width, heads} = vision;
  return {
    image_size: vision.imageSize,
    layers: vision.layers,
    width,
    patch_size: vision.patchSize,
    ...(width / heads !== 64 && {head_width: width / heads}),
    ...towerJson(vision),
  };
}

function resNetJson({imageSize, stageBlocks, width, heads}: ResNetConfig): Record<string, unknown> {
  const headWidth = (width * 32) / heads;
  return {
    image_size: imageSize,
    layers: stageBlocks,
    width,
    patch_size: null,
    ...(headWidth !== 64 && {head_width: headWidth}),
  };
}

function textJson(text: TextConfig): Record<string, unknown> {
  if (text.startToken !== text.endToken - 1) {
    const got = `${text.startToken} and ${text.endToken}`;
    throw new UserError(`open_clip layout: expected the start token right before the end token, got ${got}`, {
      tryThis: 'save in the hf layout',
    });
  }
  return {
    context_length: text.contextLength,
    vocab_size: text.vocabSize,
    width: text.width,
    heads: text.heads,
    layers: text.layers,
    ...towerJson(text),
    ...(text.endToken !== text.vocabSize - 1 && {pool_type: 'eos', eos_id: text.endToken}),
    ...(text.padToken !== 0 && {pad_id: text.padToken}),
    // OpenCLIP has one built-in tokenizer; any other is read from the files beside the configuration
    ...(text.vocabSize !== 49408 && {hf_tokenizer_name: 'tokenizer.json'}),
  };
}

function towerJson({width, mlpWidth, layerNormEpsilon}: VitConfig | TextConfig): Record<string, unknown> {
  return {
    ...(mlpWidth !== width * 4 && {mlp_ratio: ratioOf(mlpWidth, width)}),
    ...(layerNormEpsilon !== 1e-5 && {norm_kwargs: {eps: layerNormEpsilon}}),
  };
}

/** A ratio that gives the width back: OpenCLIP rounds `width * ratio` down, and the quotient may fall just short. */
function ratioOf(mlpWidth: number, width: number): number {
  const quotient = mlpWidth / width;
  return Math.floor(width * quotient) === mlpWidth ? quotient : (mlpWidth + 0.5) / width;
}

function preprocessJson({mean, std, interpolation}: PreprocessConfig) {
  return {mean, std, interpolation, resize_mode: 'shortest'};
}
