import {mkdir, writeFile} from 'node:fs/promises';
import {homedir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {hubEnvironment} from '../../../src/model/hub/hub-environment.js';
import {knownModels, knownRepository} from '../../../src/model/hub/known-models.js';
import {parseModelReference, resolveModel} from '../../../src/model/model-reference.js';
import {temporaryFolder} from '../../support/temporary-folder.js';

const root = temporaryFolder();

const hub = (repository: string, revision = 'main') => ({kind: 'hub', repository, revision});

describe('a model reference', () => {
  it.each([
    ['hf:owner/name', hub('owner/name')],
    ['hf-hub:owner/na.me_1-x', hub('owner/na.me_1-x')],
    ['hf:owner/name@v1.0', hub('owner/name', 'v1.0')],
    ['hf:owner/name@refs/pr/12', hub('owner/name', 'refs/pr/12')],
    [`hf:owner/name@${'0123456789'.repeat(4)}`, hub('owner/name', '0123456789'.repeat(4))],
    ['ViT-B-32/openai', hub('timm/vit_base_patch32_clip_224.openai')],
    ['ViT-B-32-quickgelu/openai', hub('timm/vit_base_patch32_clip_224.openai')],
    ['ViT-B/32', hub('timm/vit_base_patch32_clip_224.openai')],
    ['ViT-L/14@336px', hub('timm/vit_large_patch14_clip_336.openai')],
    ['RN50', hub('timm/resnet50_clip.openai')],
    ['RN50x4/openai', hub('timm/resnet50x4_clip.openai')],
    ['ViT-B-32/laion2b_s34b_b79k', hub('laion/CLIP-ViT-B-32-laion2B-s34B-b79K')],
    ['ViT-B-16/datacomp_xl_s13b_b90k', hub('laion/CLIP-ViT-B-16-DataComp.XL-s13B-b90K')],
  ])('%s is understood', async (reference, expected) => {
    expect(await parseModelReference(reference)).toMatchObject({...expected, reference});
  });

  it('that is a folder is that folder, even under a known name', async () => {
    const folder = join(root, 'ViT-B-32', 'openai');
    await mkdir(folder, {recursive: true});
    const from = process.cwd();
    process.chdir(root);
    try {
      expect(await parseModelReference('ViT-B-32/openai')).toEqual({kind: 'folder', path: 'ViT-B-32/openai'});
    } finally {
      process.chdir(from);
    }
    expect(await resolveModel(folder)).toBe(folder);
    expect(await resolveModel(`local-dir:${folder}`)).toBe(folder);
  });

  it.each([
    ['', 'nothing'],
    ['something', 'something'],
    ['ViT-B-32', 'ViT-B-32 (did you mean ViT-B-32/openai?)'],
    ['VIT-B-32/open_ai', 'VIT-B-32/open_ai (did you mean ViT-B-32/openai?)'],
    [
      'ViT-B-32-quickgelu/laion2b_s34b_b79k',
      /^ViT-B-32-quickgelu\/laion2b_s34b_b79k \(did you mean ViT-B-\d+\/laion2b/,
    ],
    ['somebody/their-clip', 'somebody/their-clip (did you mean hf:somebody/their-clip?)'],
    ['__proto__/toString', '__proto__/toString (did you mean hf:__proto__/toString?)'],
    ['./missing/folder', './missing/folder'],
  ])('%j is neither a folder nor a reference', async (reference, got) => {
    const error: unknown = await parseModelReference(reference).then(
      () => undefined,
      (reason: unknown) => reason,
    );
    expect(error).toMatchObject({name: 'UserError', exit: 2, tryThis: 'fewclip models list --known'});
    const [expected, actual] = (error as Error).message.split(', got ');
    expect(expected).toBe(
      'model: expected a folder, bundled, hf:owner/name or a known name such as ViT-B-32/openai',
    );
    expect(actual).toMatch(
      typeof got === 'string' ? new RegExp(`^${got.replaceAll(/[.*+?()]/g, '\\$&')}$`) : got,
    );
  });

  it.each([
    'hf:',
    'hf:name',
    'hf:a/b/c',
    'hf:../b',
    'hf:a/..',
    'hf:a/b@',
    'hf:a/b@..',
    'hf:a/b@x/../../y',
    'hf:a/b@/x',
    'hf:a b/c',
    'hf:/b',
  ])('%s is refused before anything is asked or written', async (reference) => {
    await expect(parseModelReference(reference)).rejects.toMatchObject({
      exit: 2,
      message: `model: expected hf:owner/name or hf:owner/name@revision, got ${reference}`,
    });
  });

  it('that is a pickle file gives the conversion command', async () => {
    const path = join(root, 'RN50.pt');
    await writeFile(path, 'not opened');
    await expect(parseModelReference(path)).rejects.toMatchObject({
      exit: 3,
      message: `${path}: expected safetensors, got a pickle file, which may run code when it is loaded`,
      tryThis: expect.stringContaining('torch.load('),
    });
  });

  it('that is a TorchScript archive gives the command for one', async () => {
    const path = join(root, 'ViT-B-32.pt');
    await writeFile(
      path,
      Buffer.concat([Buffer.alloc(2 ** 21), Buffer.from('PK\x01\x02ViT-B-32/code/__torch__/model.py')]),
    );
    await expect(parseModelReference(path)).rejects.toMatchObject({
      tryThis: expect.stringContaining('torch.jit.load('),
    });
  });

  it('that is another file asks for its folder', async () => {
    const path = join(root, 'model.safetensors');
    await writeFile(path, '');
    await expect(parseModelReference(path)).rejects.toMatchObject({
      exit: 3,
      message: `model: expected the folder of a model, got the file model.safetensors: ${path}`,
      tryThis: `give its folder: ${root}`,
    });
    await expect(parseModelReference('local-dir:none')).rejects.toThrow(
      'model: expected the folder of a model, got no such folder: local-dir:none',
    );
  });
});

describe('known models', () => {
  it('each have one name, a valid repository, and are found by it', () => {
    expect(new Set(knownModels.map(({name}) => name)).size).toBe(knownModels.length);
    for (const {name, repository, isQuickGelu} of knownModels) {
      expect(repository).toMatch(/^(timm|laion)\/[\w.-]+$/);
      expect(knownRepository(name)).toBe(repository);
      expect(knownRepository(name.replace('/', '-quickgelu/'))).toBe(isQuickGelu ? repository : undefined);
    }
  });
});

describe('hubEnvironment', () => {
  const cache = (variables: Record<string, string>) => hubEnvironment(variables).cacheFolder;

  it('finds the cache as the other tools of Hugging Face do', () => {
    expect(cache({})).toBe(join(homedir(), '.cache/huggingface/hub'));
    expect(cache({XDG_CACHE_HOME: '/x'})).toBe('/x/huggingface/hub');
    expect(cache({XDG_CACHE_HOME: '/x', HF_HOME: '~/hf'})).toBe(join(homedir(), 'hf/hub'));
    expect(cache({HF_HOME: '/h', HUGGINGFACE_HUB_CACHE: '/c'})).toBe('/c');
    expect(cache({HF_HOME: '/h', HUGGINGFACE_HUB_CACHE: '/c', HF_HUB_CACHE: '~'})).toBe(homedir());
    expect(cache({HF_HOME: '', HF_HUB_CACHE: ''})).toBe(join(homedir(), '.cache/huggingface/hub'));
  });

  it.each([
    [{}, false],
    [{HF_HUB_OFFLINE: '0'}, false],
    [{HF_HUB_OFFLINE: '1'}, true],
    [{HF_HUB_OFFLINE: 'Yes'}, true],
    [{TRANSFORMERS_OFFLINE: 'ON'}, true],
  ])('%j: offline is %s', (variables, isOffline) => {
    expect(hubEnvironment(variables).isOffline).toBe(isOffline);
  });

  it('takes the address without its last slash, and the token of the environment first', async () => {
    await writeFile(join(root, 'token'), ' from-file \n');
    expect(hubEnvironment({}).endpoint).toBe('https://huggingface.co');
    expect(hubEnvironment({HF_ENDPOINT: 'https://mirror/hf//'}).endpoint).toBe('https://mirror/hf');
    expect(await hubEnvironment({HF_HOME: root, HF_TOKEN: ' own '}).token()).toBe('own');
    expect(await hubEnvironment({HF_HOME: root}).token()).toBe('from-file');
    expect(await hubEnvironment({HF_HOME: join(root, 'none')}).token()).toBeUndefined();
  });
});
