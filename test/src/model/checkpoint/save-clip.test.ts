import {existsSync} from 'node:fs';
import {cp, mkdtemp, readdir, readFile, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {loadClip, preferredLayout, readClipConfig, saveClip} from '../../../../src/model/checkpoint.js';
import {
  clipConfigFromOpenClip,
  openClipConfigFiles,
} from '../../../../src/model/checkpoint/open-clip-config.js';
import type {ClipConfig} from '../../../../src/model/clip-config.js';
import {openSafetensors} from '../../../../src/model/safetensors.js';
import {formulaModel} from '../../../support/formula-weights.js';
import {
  goldenCheckpoint,
  goldenCheckpoints,
  tinyResNet,
  tinyText,
  tinyViT,
} from '../../../support/golden-checkpoints.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();
const fresh = () => mkdtemp(join(root, 'model-'));

/** Every file of a folder with its bytes, in hexadecimal. */
async function contents(folder: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) files[name] = await readFile(join(folder, name), 'hex');
  return files;
}

describe('saveClip', () => {
  it.each([
    ['hf-f32', 'model.safetensors'],
    ['hf-f16-legacy', 'model.safetensors'],
    ['open-clip-vit-f16', 'open_clip_model.safetensors'],
    ['open-clip-resnet-f32', 'open_clip_model.safetensors'],
  ])('%s comes back as the very bytes of the library that wrote it', async (name, weights) => {
    const {layout, dtype, config} = goldenCheckpoints[name]!;
    const folder = join(await fresh(), 'model');
    await saveClip(await loadClip(goldenCheckpoint(name)), folder, {layout, dtype});
    expect(await readFile(join(folder, weights), 'hex')).toBe(
      await readFile(join(goldenCheckpoint(name), weights), 'hex'),
    );
    expect(await readClipConfig(folder)).toEqual(config);
  });

  it.each(['F32', 'F16', 'BF16'] as const)('hf -> open_clip -> hf keeps every bit of %s', async (dtype) => {
    const [first, between, last] = await Promise.all([fresh(), fresh(), fresh()]);
    await saveClip(formulaModel(tinyViT), first, {layout: 'hf', dtype});
    await saveClip(await loadClip(first), between, {layout: 'open_clip', dtype});
    expect((await loadClip(between)).config).toEqual(tinyViT);
    await saveClip(await loadClip(between), last, {layout: 'hf', dtype});
    expect(await contents(last)).toEqual(await contents(first));
  });

  it('carries over unusual numbers in both layouts', async () => {
    const config: ClipConfig = {
      embedDim: 12,
      activation: 'gelu',
      vision: {
        kind: 'vit',
        imageSize: 8,
        patchSize: 2,
        width: 22,
        layers: 1,
        heads: 11,
        mlpWidth: 97,
        layerNormEpsilon: 1e-6,
      },
      text: {
        ...tinyText,
        mlpWidth: 41,
        layerNormEpsilon: 1e-7,
        startToken: 0,
        endToken: 1,
        padToken: 1,
        vocabSize: 33,
      },
      preprocess: {size: 8, interpolation: 'bilinear', mean: [0, 0.1, 0.2], std: [1, 0.9, 0.8]},
    };
    for (const layout of ['hf', 'open_clip'] as const) {
      const folder = await fresh();
      await saveClip(formulaModel(config), folder, {layout, dtype: 'F32'});
      const loaded = await loadClip(folder);
      expect(loaded.config).toEqual(config);
      expect(loaded.weights).toEqual(formulaModel(config).weights);
    }
  });

  it('keeps the widths of every published ratio, which OpenCLIP rounds down', () => {
    const widths = [
      [1408, 6144],
      [1664, 8192],
      [1280, 5120],
      [768, 3071],
      [22, 97],
      [30, 41],
      [49, 193],
    ] as const;
    for (const [width, mlpWidth] of widths) {
      const config = {
        ...tinyViT,
        vision: {
          ...tinyViT.vision,
          kind: 'vit' as const,
          width,
          mlpWidth,
          heads: 1,
          patchSize: 4,
          layers: 1,
          layerNormEpsilon: 1e-5,
        },
      };
      const value = JSON.parse(
        JSON.stringify(openClipConfigFiles(config)['open_clip_config.json']),
      ) as unknown;
      expect(clipConfigFromOpenClip({path: 'f', value}).vision).toMatchObject({width, mlpWidth, heads: 1});
    }
  });

  it('copies the tokenizer files of the folder the model came from, and nothing else', async () => {
    const from = await fresh();
    await cp(goldenCheckpoint('hf-f32'), from, {recursive: true});
    const tokenizer = [
      'tokenizer.json',
      'vocab.json',
      'merges.txt',
      'tokenizer_config.json',
      'special_tokens_map.json',
    ];
    for (const name of [...tokenizer, 'optimizer.pt', 'README.md'])
      await writeFile(join(from, name), `${name} content`);
    const to = join(await fresh(), 'deep', 'model');
    await saveClip(await loadClip(from), to, {layout: 'hf', dtype: 'F32'});
    expect((await readdir(to)).sort()).toEqual(
      ['config.json', 'model.safetensors', 'preprocessor_config.json', ...tokenizer].sort(),
    );
    for (const name of tokenizer) expect(await readFile(join(to, name), 'utf8')).toBe(`${name} content`);
  });

  it('copies nothing from the working folder for a model that was not read from anywhere', async () => {
    const [place, from] = [await fresh(), process.cwd()];
    await writeFile(join(place, 'tokenizer.json'), 'somebody else’s');
    process.chdir(place);
    try {
      await saveClip(formulaModel(tinyViT), 'model', {layout: 'hf', dtype: 'F32'});
    } finally {
      process.chdir(from);
    }
    expect(await readdir(join(place, 'model'))).not.toContain('tokenizer.json');
  });

  it('saves a model whose folder is gone', async () => {
    const from = await fresh();
    await cp(goldenCheckpoint('open-clip-resnet-f32'), from, {recursive: true});
    const model = await loadClip(from);
    await rm(from, {recursive: true});
    const to = await fresh();
    await saveClip(model, to, {layout: 'open_clip', dtype: 'F32'});
    expect((await loadClip(to)).weights).toEqual(model.weights);
  });

  it('replaces an old model folder as a whole, and leaves nothing beside it', async () => {
    const place = await fresh();
    const folder = join(place, 'model');
    await saveClip(formulaModel(tinyViT), folder, {layout: 'hf', dtype: 'F32'});
    await saveClip(formulaModel(tinyViT), folder, {layout: 'open_clip', dtype: 'F16'});
    expect((await readdir(folder)).sort()).toEqual(['open_clip_config.json', 'open_clip_model.safetensors']);
    expect(await readdir(place)).toEqual(['model']);
  });

  it('never replaces a folder that holds something else', async () => {
    const folder = await fresh();
    await writeFile(join(folder, 'thesis.txt'), 'years');
    await expect(saveClip(formulaModel(tinyViT), folder, {layout: 'hf', dtype: 'F32'})).rejects.toMatchObject(
      {
        name: 'UserError',
        exit: 8,
        message: `${folder}: expected a new folder or one with a model, got thesis.txt`,
      },
    );
    expect(await readdir(folder)).toEqual(['thesis.txt']);
  });

  it('a weight that is not finite stops it before anything appears', async () => {
    const place = await fresh();
    const model = formulaModel(tinyViT);
    (model.weights['ln_final.bias']!.data as Float32Array)[5] = NaN;
    const failed = saveClip(model, join(place, 'model'), {layout: 'hf', dtype: 'F32'});
    await expect(failed).rejects.toMatchObject({
      exit: 6,
      message: 'text_model.final_layer_norm.bias: expected finite numbers, got NaN at 5',
    });
    expect(await readdir(place)).toEqual([]);
  });

  it('writes counters of batch norm as 0 when the model has no folder behind it', async () => {
    const folder = await fresh();
    await saveClip(formulaModel(tinyResNet), folder, {layout: 'open_clip', dtype: 'F32'});
    const file = await openSafetensors(join(folder, 'open_clip_model.safetensors'));
    expect(file.tensors.get('visual.layer2.0.downsample.1.num_batches_tracked')).toMatchObject({
      dtype: 'I64',
      shape: [],
    });
    expect([...(await file.read('visual.bn1.num_batches_tracked')).data]).toEqual([0]);
    await file.close();
  });

  it.each([
    ['a ResNet', tinyResNet, 'hf layout: expected a ViT image tower, got a ResNet'],
    [
      'an end token of 2',
      {...tinyViT, text: {...tinyText, startToken: 1, endToken: 2}},
      'hf layout: expected an end token other than 2, which transformers misreads',
    ],
  ] as const)('has no hf layout for %s', async (_, config, message) => {
    const folder = join(await fresh(), 'model');
    await expect(saveClip(formulaModel(config), folder, {layout: 'hf', dtype: 'F32'})).rejects.toThrow(
      message,
    );
    expect(existsSync(folder)).toBe(false);
  });

  it('has no open_clip layout for tokens that OpenCLIP cannot name', async () => {
    const config = {...tinyViT, text: {...tinyText, startToken: 5}};
    await expect(
      saveClip(formulaModel(config), await fresh(), {layout: 'open_clip', dtype: 'F32'}),
    ).rejects.toThrow('open_clip layout: expected the start token right before the end token, got 5 and 31');
  });

  it('prefers hf for a ViT and open_clip for a ResNet', () => {
    expect(preferredLayout(tinyViT)).toBe('hf');
    expect(preferredLayout(tinyResNet)).toBe('open_clip');
  });
});
