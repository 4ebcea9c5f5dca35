import {existsSync} from 'node:fs';
import {describe, expect, it} from 'vitest';
import {listKnownModels, listModels} from '../../../src/app/list-models.js';
import {architectureName, modelInfo} from '../../../src/app/model-info.js';
import {pullModel} from '../../../src/app/pull-model.js';
import {removeModel} from '../../../src/app/remove-model.js';
import {architecture} from '../../../src/model/architectures.js';
import {goldenCheckpoint} from '../../support/golden-checkpoints.js';
import {commitA, goldenFiles} from '../../support/hub-models.js';
import {hubSession, refusalOf} from '../../support/hub-session.js';
import {temporaryFolder} from '../../support/temporary-folder.js';

const session = hubSession();
const root = temporaryFolder();
const environment = () => session.options().environment!;

describe('pullModel', () => {
  it('says at once when the checkpoint is not a CLIP that can be run', async () => {
    const files = goldenFiles('open-clip-vit-f16');
    const config = JSON.parse(files['open_clip_config.json']!.toString()) as {
      model_cfg: {vision_cfg: object};
    };
    Object.assign(config.model_cfg.vision_cfg, {timm_model_name: 'convnext_base'});
    const changed = {...files, 'open_clip_config.json': Buffer.from(JSON.stringify(config))};
    session.hub.repositories['lab/timm'] = {commit: commitA, files: changed};
    const error = await refusalOf(pullModel('hf:lab/timm', session.options()));
    expect(error).toMatchObject({exit: 3});
    expect(error!.message).toContain('expected a plain CLIP, got an image tower from timm ("convnext_base")');
  });

  it('wants a reference to the hub', async () => {
    expect(await refusalOf(pullModel(root, session.options()))).toMatchObject({
      exit: 2,
      message: `models pull: expected hf:owner/name or a known name, got the folder ${root}`,
    });
  });
});

describe('removeModel', () => {
  it('never touches a folder of the user', async () => {
    expect(await refusalOf(removeModel(root, environment()))).toMatchObject({
      exit: 2,
      message: `models remove: expected a model of the cache, got the folder ${root}`,
    });
    expect(existsSync(root)).toBe(true);
  });

  it('says when there is nothing to remove', async () => {
    for (const reference of ['RN50/openai', 'hf:lab/clip@v1']) {
      expect(await refusalOf(removeModel(reference, environment()))).toMatchObject({
        exit: 2,
        message: `models remove: expected a model in ${environment().cacheFolder}, got ${reference}, which is not there`,
      });
    }
  });

  it('takes a single revision when one is named', async () => {
    session.hub.repositories['lab/clip']!.commit = commitA;
    await pullModel('hf:lab/clip', session.options());
    expect(await removeModel(`hf:lab/clip@${commitA}`, environment())).toMatchObject({
      folder: session.folder,
    });
    expect((await listModels(environment())).models).toEqual([]);
  });
});

describe('listModels', () => {
  it('gives references that lead back to the same folder', async () => {
    session.hub.repositories['lab/clip'] = {...session.hub.repositories['lab/clip']!, refs: {v1: commitA}};
    await pullModel('hf:lab/clip@v1', session.options());
    const {models} = await listModels(environment());
    expect(models).toMatchObject([{reference: 'hf:lab/clip@v1', names: []}]);
    expect(await session.resolve(models[0]!.reference, {cacheOnly: true})).toBe(models[0]!.folder);
  });

  it('marks the known models that are there', async () => {
    session.hub.repositories['timm/resnet50_clip.openai'] = {
      commit: commitA,
      files: goldenFiles('open-clip-resnet-f32'),
    };
    await pullModel('RN50', session.options());
    const known = await listKnownModels(environment());
    expect(known.filter(({isPulled}) => isPulled).map(({name}) => name)).toEqual(['RN50/openai']);
  });
});

describe('modelInfo', () => {
  it('describes a folder, without any cache', async () => {
    const folder = goldenCheckpoint('open-clip-vit-f16');
    expect(await modelInfo(folder, session.options())).toMatchObject({
      folder,
      architecture: 'ViT of 2 layers, width 24, patch 4',
      layout: 'open_clip',
      dtype: 'F16',
      tensors: 50,
      tokenizer: [],
      licence: null,
      files: [{name: 'open_clip_config.json'}, {name: 'open_clip_model.safetensors'}],
    });
    expect(existsSync(session.home)).toBe(false);
  });

  it.each([
    ['ViT-B-32-quickgelu', 'ViT-B-32'],
    ['ViT-L-14-336', 'ViT-L-14-336'],
    ['RN50x16-quickgelu', 'RN50x16'],
  ])('calls the sizes of %s by their published name, whatever the activation', (name, expected) => {
    const config = architecture(name);
    expect(architectureName(config)).toBe(expected);
    expect(architectureName({...config, embedDim: 7})).toMatch(/^(ViT|ResNet) of /);
  });

  it('asks to pull what is not there', async () => {
    expect(await refusalOf(modelInfo('RN50/openai', session.options()))).toMatchObject({
      exit: 2,
      tryThis: 'fewclip models pull RN50/openai',
    });
    expect(session.hub.requests).toEqual([]);
  });
});
