import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {commitA, goldenFiles} from '../support/hub-models.js';
import {hubSession} from '../support/hub-session.js';
import {runFewclip, type Outcome} from '../support/run-fewclip.js';

const session = hubSession();

function models(args: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const own = {HF_HOME: session.home, HF_ENDPOINT: session.hub.endpoint};
  const unset = {
    HF_HUB_CACHE: '',
    HUGGINGFACE_HUB_CACHE: '',
    HF_TOKEN: '',
    HF_HUB_OFFLINE: '',
    TRANSFORMERS_OFFLINE: '',
  };
  return runFewclip(['models', ...args], {env: {...unset, ...own, ...env}});
}

const json = ({stdout}: Outcome) => JSON.parse(stdout) as Record<string, unknown>;

describe('fewclip models', () => {
  it('pull, list, info and remove, for people', async () => {
    const pulled = await models(['pull', 'hf:lab/clip']);
    const folder = join(session.folder, 'snapshots', commitA);
    expect(pulled).toMatchObject({exit: 0});
    expect(pulled.stdout).toBe(
      `hf:lab/clip: 20257 parameters in F32, 89.3 kB, downloaded 89.3 kB\n${folder}\n`,
    );
    expect(pulled.stderr).toContain('downloading model.safetensors: ');
    expect(pulled.stderr).toMatch(/89\.3 kB of 89\.3 kB, 100 %/);

    const list = await models(['list']);
    expect(list.stdout.split('\n')).toEqual([
      'hf:lab/clip  89.3 kB  aaaaaaaa',
      `89.3 kB in ${join(session.home, 'hub')}`,
      expect.stringMatching(/^bundled, \d+\.\d MB, comes with fewclip: .*emoji-clip$/),
      '',
    ]);

    const info = await models(['info', 'hf:lab/clip']);
    for (const line of [
      'model         hf:lab/clip',
      'architecture  ViT of 2 layers, width 24, patch 4',
      'parameters    20257',
      'weights       F32, hf layout, 62 tensors',
      'embedding     12 numbers, quick_gelu',
      'images        8 x 8, bilinear',
      'texts         7 tokens of 32',
      'tokenizer     tokenizer.json, merges.txt',
      'licence       mit',
      `folder        ${folder}`,
    ]) {
      expect(info.stdout).toContain(`${line}\n`);
    }

    const removed = await models(['remove', 'hf:lab/clip']);
    expect(removed.stdout).toBe(`removed hf:lab/clip (89.3 kB) from ${session.folder}\n`);
    expect(existsSync(session.folder)).toBe(false);
  });

  it('pull, list and info, in JSON: stdout is one document', async () => {
    session.hub.repositories['timm/resnet50_clip.openai'] = {
      commit: commitA,
      files: goldenFiles('open-clip-resnet-f32'),
    };
    const pulled = await models(['pull', 'RN50/openai', '--format', 'json']);
    expect(json(pulled)).toMatchObject({
      reference: 'RN50/openai',
      repository: 'timm/resnet50_clip.openai',
      revision: 'main',
      commit: commitA,
      layout: 'open_clip',
      dtype: 'F32',
      files: [{name: 'open_clip_config.json'}, {name: 'open_clip_model.safetensors', bytes: 377092}],
    });
    expect(json(await models(['list', '--format', 'json']))).toMatchObject({
      folder: join(session.home, 'hub'),
      models: [
        {
          reference: 'hf:timm/resnet50_clip.openai',
          names: ['RN50/openai'],
          revisions: ['main'],
          commit: commitA,
        },
      ],
    });
    const known = JSON.parse((await models(['list', '--known', '--format', 'json'])).stdout) as {
      name: string;
      isPulled: boolean;
    }[];
    expect(known.filter(({isPulled}) => isPulled).map(({name}) => name)).toEqual(['RN50/openai']);
    expect(json(await models(['info', 'RN50', '--format', 'json']))).toMatchObject({
      architecture: 'ResNet of 1-2-1-1 blocks, width 4',
      licence: null,
      tokenizer: [],
      config: {vision: {kind: 'resnet', stageBlocks: [1, 2, 1, 1]}},
    });
  });

  it('quiet says nothing on success', async () => {
    expect(await models(['pull', 'hf:lab/clip', '--format', 'quiet'])).toEqual({
      exit: 0,
      stdout: '',
      stderr: '',
    });
  });
});

describe('a failure of fewclip models', () => {
  it.each([
    [
      'an unknown name',
      ['pull', 'VIT-B-32/openai'],
      2,
      'Error: model: expected a folder, bundled, hf:owner/name or a known name such as ViT-B-32/openai, got VIT-B-32/openai (did you mean ViT-B-32/openai?)\nTry this: fewclip models list --known\n',
    ],
    ['no reference', ['pull'], 2, 'Missing 1 required arg'],
    ['a folder that is no model', ['info', 'src'], 3, 'src: expected a CLIP checkpoint'],
    [
      'a repository that is not there',
      ['pull', 'hf:lab/none'],
      2,
      'got HTTP 401: it is private, gated, or does not exist',
    ],
  ])('%s: exit code and sentence', async (_, args, exit, message) => {
    const outcome = await models(args);
    expect(outcome).toMatchObject({exit, stdout: ''});
    expect(outcome.stderr).toContain(message);
    expect(existsSync(session.folder)).toBe(false);
  });

  it('a dropped connection: exit 75 after its own tries, then the same command finishes', async () => {
    const drop = {kind: 'drop', afterBytes: 10_000} as const;
    session.hub.faults['model.safetensors'] = [drop, drop, drop];
    const first = await models(['pull', 'hf:lab/clip', '--format', 'json']);
    expect(first.exit).toBe(75);
    expect(json(first)).toMatchObject({type: 'error', exit: 75});
    const second = await models(['pull', 'hf:lab/clip']);
    expect(second.exit).toBe(0);
    expect(session.hub.requests.at(-1)!.range).toMatch(/^bytes=\d{5}-$/);
  });

  it('offline: no request, exit 2, and the way out', async () => {
    const {exit, stderr} = await models(['pull', 'hf:lab/clip'], {HF_HUB_OFFLINE: '1'});
    expect(exit).toBe(2);
    expect(stderr).toContain('Try this: HF_HUB_OFFLINE=0 fewclip models pull hf:lab/clip');
    expect(session.hub.requests).toEqual([]);
  });
});
