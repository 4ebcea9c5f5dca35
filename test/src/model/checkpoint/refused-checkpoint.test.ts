import {cp, mkdir, mkdtemp, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {loadClip} from '../../../../src/model/checkpoint.js';
import type {UserError} from '../../../../src/support/errors.js';
import {goldenCheckpoint} from '../../../support/golden-checkpoints.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();
const fresh = () => mkdtemp(join(root, 'model-'));

describe('a folder that is not a CLIP', () => {
  const load = (folder: string) =>
    loadClip(folder).then(
      () => undefined,
      (error: unknown) => error as UserError,
    );

  async function copyOf(name: string, files: Record<string, string | null>): Promise<string> {
    const folder = await fresh();
    await cp(goldenCheckpoint(name), folder, {recursive: true});
    for (const [file, content] of Object.entries(files)) {
      if (content === null) await rm(join(folder, file));
      else await writeFile(join(folder, file), content);
    }
    return folder;
  }

  it.each([
    ['is missing', null, 'expected a folder with a CLIP checkpoint, got ENOENT'],
    ['is empty', [], 'got no file'],
    ['holds other files', ['a.txt', 'b.txt'], 'got a.txt, b.txt'],
    [
      'has weights without a configuration',
      ['model.safetensors'],
      'expected config.json or open_clip_config.json, and weights named as they expect, got model.safetensors',
    ],
  ])('%s', async (_, names, message) => {
    const folder = join(await fresh(), 'folder');
    if (names !== null) await mkdir(folder);
    for (const name of names ?? []) await writeFile(join(folder, name), '');
    const error = await load(folder);
    expect(error).toMatchObject({name: 'UserError', exit: 3});
    expect(error!.message).toContain(folder);
    expect(error!.message).toContain(message);
  });

  it('names every tensor that is missing, surplus or of another shape', async () => {
    const config = JSON.parse(await readFile(goldenCheckpoint('hf-f32/config.json'), 'utf8'));
    config.text_config.num_hidden_layers = 2;
    config.vision_config.num_hidden_layers = 1;
    config.projection_dim = 13;
    const folder = await copyOf('hf-f32', {'config.json': JSON.stringify(config)});
    const {message} = (await load(folder))!;
    expect(message).toContain(`${folder}/model.safetensors: expected the `);
    expect(message).toContain('16 missing: ');
    expect(message).toContain('text_model.encoder.layers.1.self_attn.q_proj.weight [16, 16]');
    expect(message).toContain('2 of another shape: ');
    expect(message).toContain('visual_projection.weight (expected [13, 24], got [12, 24])');
    expect(message).toContain('text_projection.weight (expected [13, 16], got [12, 16])');
    expect(message).toContain('16 surplus: ');
    expect(message).toContain('vision_model.encoder.layers.1.mlp.fc1.bias [96]');
  });

  it.each([
    ['another model', {model_type: 'siglip'}, 'model_type: expected clip, got "siglip"'],
    [
      'an unknown activation',
      {text_config: {hidden_act: 'gelu_new'}},
      'text_config: hidden_act: expected quick_gelu or gelu, got "gelu_new"',
    ],
    [
      'two activations',
      {text_config: {hidden_act: 'gelu'}},
      'expected one hidden_act in both towers, got quick_gelu and gelu',
    ],
    [
      'a width of text',
      {vision_config: {hidden_size: 'wide'}},
      'vision_config: hidden_size: expected a value of type number, got "wide"',
    ],
    [
      'no layers',
      {vision_config: {num_hidden_layers: 0}},
      'vision_config: num_hidden_layers: expected a number above 0, got 0',
    ],
    ['grey images', {vision_config: {num_channels: 1}}, 'vision_config: num_channels: expected 3, got 1'],
    [
      'oblong images',
      {vision_config: {image_size: [8, 16]}},
      'vision_config: image_size: expected one whole number or two equal ones, got [8,16]',
    ],
    [
      'heads that do not divide',
      {vision_config: {num_attention_heads: 5}},
      'image tower: heads: expected a divisor of 24, got 5',
    ],
    [
      'patches that do not fit',
      {vision_config: {patch_size: 3}},
      'image tower: patch size: expected a divisor of 8, got 3',
    ],
    [
      'a token out of range',
      {text_config: {eos_token_id: 32}},
      'text_config: eos_token_id: expected a token below vocab_size 32, got 32',
    ],
  ])('a config.json with %s', async (_, change, message) => {
    const config = JSON.parse(await readFile(goldenCheckpoint('hf-f32/config.json'), 'utf8')) as Record<
      string,
      object
    >;
    for (const [key, value] of Object.entries(change)) {
      config[key] = typeof value === 'object' ? {...config[key], ...value} : value;
    }
    const folder = await copyOf('hf-f32', {'config.json': JSON.stringify(config)});
    expect(await load(folder)).toMatchObject({exit: 3, message: `${folder}/config.json: ${message}`});
  });

  it.each([
    [
      'a squashing resize',
      {size: {height: 8, width: 8}},
      'size: expected a number or {"shortest_edge": number}, got {"height":8,"width":8}',
    ],
    ['a crop of another size', {crop_size: 6}, "crop_size: expected the model's image size 8, got 6"],
    ['no centre crop', {do_center_crop: false}, 'do_center_crop: expected true, got false'],
    ['a nearest filter', {resample: 0}, 'resample: expected 2 or 3, got 0'],
    ['another scale', {rescale_factor: 1}, 'rescale_factor: expected 1/255, got 1'],
    ['one channel', {image_mean: [0.5]}, 'image_mean: expected 3 numbers, got [0.5]'],
  ])('a preprocessor_config.json with %s', async (_, change, message) => {
    const config = JSON.parse(
      await readFile(goldenCheckpoint('hf-f32/preprocessor_config.json'), 'utf8'),
    ) as object;
    const folder = await copyOf('hf-f32', {
      'preprocessor_config.json': JSON.stringify({...config, ...change}),
    });
    expect(await load(folder)).toMatchObject({
      exit: 3,
      message: `${folder}/preprocessor_config.json: ${message}`,
    });
  });

  it.each([
    ['vision_cfg', {timm_model_name: 'convnext_base'}, 'an image tower from timm ("convnext_base")'],
    ['vision_cfg', {attentional_pool: true}, 'attention pooling over image tokens (true)'],
    ['vision_cfg', {pool_type: 'avg'}, 'other pooling than the class token ("avg")'],
    ['vision_cfg', {ls_init_value: 0.1}, 'layer scale (0.1)'],
    ['vision_cfg', {no_ln_pre: true}, 'an image tower without a norm before its blocks (true)'],
    ['vision_cfg', {swirl: 3}, 'an option that is not known here (3)'],
    [
      'text_cfg',
      {hf_model_name: 'roberta-base'},
      'a text tower from Hugging Face transformers ("roberta-base")',
    ],
    ['text_cfg', {no_causal_mask: true}, 'texts without a causal mask, as SigLIP has (true)'],
    ['text_cfg', {pool_type: 'last'}, 'other pooling than the end token ("last")'],
    ['text_cfg', {embed_cls: true}, 'a class token behind the text (true)'],
    ['text_cfg', {proj_bias: true}, 'a text projection with a bias (true)'],
    [
      'text_cfg',
      {tokenizer_kwargs: {clean: 'canonicalize'}},
      'a tokenizer with options of its own ({"clean":"canonicalize"})',
    ],
    ['model_cfg', {multimodal_cfg: {width: 8}}, 'CoCa, with a caption decoder ({"width":8})'],
    ['model_cfg', {init_logit_bias: -10}, 'a logit bias, as SigLIP has (-10)'],
  ] as const)(
    'an open_clip_config.json whose %s has %j is refused by name',
    async (part, change, feature) => {
      const config = JSON.parse(
        await readFile(goldenCheckpoint('open-clip-vit-f16/open_clip_config.json'), 'utf8'),
      );
      Object.assign(part === 'model_cfg' ? config.model_cfg : config.model_cfg[part], change);
      const folder = await copyOf('open-clip-vit-f16', {'open_clip_config.json': JSON.stringify(config)});
      const key = `${part}.${Object.keys(change)[0]}`;
      expect(await load(folder)).toMatchObject({
        exit: 3,
        message: `${folder}/open_clip_config.json: ${key}: expected a plain CLIP, got ${feature}`,
      });
    },
  );

  it('an open_clip_config.json that squashes images is refused', async () => {
    const config = JSON.parse(
      await readFile(goldenCheckpoint('open-clip-vit-f16/open_clip_config.json'), 'utf8'),
    );
    config.preprocess_cfg.resize_mode = 'squash';
    const folder = await copyOf('open-clip-vit-f16', {'open_clip_config.json': JSON.stringify(config)});
    expect((await load(folder))!.message).toBe(
      `${folder}/open_clip_config.json: preprocess_cfg: resize_mode: expected shortest, got "squash"`,
    );
  });

  it.each([
    ['hf-f32', 'model.safetensors', 'pytorch_model.bin', 'model.safetensors'],
    [
      'open-clip-vit-f16',
      'open_clip_model.safetensors',
      'open_clip_pytorch_model.bin',
      'open_clip_model.safetensors',
    ],
    ['open-clip-vit-f16', 'open_clip_model.safetensors', 'epoch_5.pt', 'open_clip_model.safetensors'],
    ['hf-f32', 'model.safetensors', "it's.ckpt", 'model.safetensors'],
  ])(
    '%s with pickled weights: %s replaced by %s gives the conversion command',
    async (name, weights, pickle, target) => {
      const folder = await copyOf(name, {[weights]: null, [pickle]: 'not even opened'});
      const error = await load(folder);
      expect(error).toMatchObject({
        exit: 3,
        message: `${folder}/${pickle}: expected safetensors, got a pickle file, which may run code when it is loaded`,
      });
      expect(error!.tryThis).toMatch(
        /^python -c "import sys, torch; from safetensors\.torch import save_file; load = /,
      );
      expect(error!.tryThis).toMatch(
        pickle.includes("'") ? `'${folder}/it'\\''s.ckpt'` : `${folder}/${pickle}`,
      );
      expect(error!.tryThis!.endsWith(`${folder}/${target}`)).toBe(true);
    },
  );
});
