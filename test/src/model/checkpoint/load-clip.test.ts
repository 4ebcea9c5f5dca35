import {cp, mkdtemp, readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {describeClip, loadClip, readClipConfig, saveClip} from '../../../../src/model/checkpoint.js';
import type {WeightDtype} from '../../../../src/model/clip-model.js';
import {openSafetensors, writeSafetensors} from '../../../../src/model/safetensors.js';
import {formulaModel} from '../../../support/formula-weights.js';
import {
  goldenCheckpoint,
  goldenCheckpoints,
  roundedModel,
  tinyResNet,
  tinyViT,
} from '../../../support/golden-checkpoints.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();
const fresh = () => mkdtemp(join(root, 'model-'));

describe('loadClip', () => {
  it.each(Object.entries(goldenCheckpoints))(
    '%s, saved by its own library: every weight, state and number',
    async (name, {layout, dtype, config}) => {
      const folder = goldenCheckpoint(name);
      const model = await loadClip(folder);
      expect(model.config).toEqual(config);
      expect(model.source).toEqual({layout, dtype, folder});
      const {weights, state} = roundedModel(config, dtype);
      expect(model.weights).toEqual(weights);
      expect(model.state).toEqual(state);
      expect(await readClipConfig(folder)).toEqual(config);
    },
  );

  it('takes a mixed file as F32, which loses nothing', async () => {
    const folder = await fresh();
    const model = formulaModel(tinyViT);
    await saveClip(model, join(folder, 'm'), {layout: 'hf', dtype: 'F16'});
    const mixed = await mixDtypes(join(folder, 'm', 'model.safetensors'));
    const loaded = await loadClip(join(folder, 'm'));
    expect(mixed).toBe(true);
    expect(loaded.source.dtype).toBe('F32');
    expect(loaded.weights['logit_scale']).toEqual(model.weights['logit_scale']);
  });

  it('takes preprocessing from processor_config.json, where transformers 5 nests it, before the old file', async () => {
    const folder = await fresh();
    await cp(goldenCheckpoint('hf-f32'), folder, {recursive: true});
    const own = JSON.parse(await readFile(join(folder, 'preprocessor_config.json'), 'utf8')) as object;
    const processor = join(folder, 'processor_config.json');
    await writeFile(processor, JSON.stringify({processor_class: 'CLIPProcessor'}));
    expect((await readClipConfig(folder)).preprocess.mean).toEqual([0.5, 0.4, 0.3]);
    await writeFile(processor, JSON.stringify({image_processor: {...own, image_mean: [0.1, 0.2, 0.3]}}));
    expect((await readClipConfig(folder)).preprocess.mean).toEqual([0.1, 0.2, 0.3]);
    await writeFile(processor, JSON.stringify({image_processor: {...own, resample: 5}}));
    await expect(readClipConfig(folder)).rejects.toThrow(
      `${processor}: image_processor: resample: expected 2 or 3, got 5`,
    );
  });

  it('reads text towers that OpenCLIP keeps under text.', async () => {
    const folder = await fresh();
    const file = await openSafetensors(goldenCheckpoint('open-clip-vit-f16/open_clip_model.safetensors'));
    const entries = await Promise.all(
      file.names().map(async (name) => {
        const value = await file.read(name);
        const isText = !name.startsWith('visual.') && name !== 'logit_scale';
        return {name: isText ? `text.${name}` : name, value: () => value};
      }),
    );
    await file.close();
    await writeSafetensors(join(folder, 'open_clip_model.safetensors'), entries);
    const config: {model_cfg: {custom_text?: boolean}} = JSON.parse(
      await readFile(goldenCheckpoint('open-clip-vit-f16/open_clip_config.json'), 'utf8'),
    );
    config.model_cfg.custom_text = true;
    await writeFile(join(folder, 'open_clip_config.json'), JSON.stringify(config));
    expect((await loadClip(folder)).weights).toEqual(roundedModel(tinyViT, 'F16').weights);
  });
});

/** Rewrites a file with its logit scale in F32. */
async function mixDtypes(path: string): Promise<boolean> {
  const file = await openSafetensors(path);
  const entries = await Promise.all(
    file.names().map(async (name) => {
      const value = await file.read(name);
      const dtype: WeightDtype = name === 'logit_scale' ? 'F32' : 'F16';
      return {name, stored: {dtype, shape: value.shape}, value: () => value};
    }),
  );
  await file.close();
  await writeSafetensors(path, entries);
  return new Set(entries.map(({stored}) => stored.dtype)).size === 2;
}

describe('describeClip', () => {
  it('counts parameters without reading weights', async () => {
    const folder = goldenCheckpoint('open-clip-resnet-f32');
    const {weights} = formulaModel(tinyResNet);
    const parameters = Object.values(weights).reduce((sum, {data}) => sum + data.length, 0);
    expect(await describeClip(folder)).toMatchObject({
      layout: 'open_clip',
      dtype: 'F32',
      parameters,
      config: tinyResNet,
    });
  });
});
