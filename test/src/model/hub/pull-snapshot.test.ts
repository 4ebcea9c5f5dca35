import {existsSync} from 'node:fs';
import {mkdir, readdir, readFile, readlink, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {loadClip} from '../../../../src/model/checkpoint.js';
import type {PullProgress} from '../../../../src/model/model-reference.js';
import {gitHash, sha256} from '../../../support/fake-hub.js';
import {busyRepository, commitA, commitB, goldenFiles} from '../../../support/hub-models.js';
import {hubSession} from '../../../support/hub-session.js';

const session = hubSession();
const wanted = [
  'README.md',
  'config.json',
  'merges.txt',
  'model.safetensors',
  'preprocessor_config.json',
  'tokenizer.json',
];

describe('a download', () => {
  it('brings what the checkpoint is made of, and nothing else, in the layout that other tools read', async () => {
    const folder = await session.resolve();
    expect(folder).toBe(join(session.folder, 'snapshots', commitA));
    expect((await readdir(folder)).sort()).toEqual(wanted);
    for (const name of wanted) {
      const content = session.hub.repositories['lab/clip']!.files[name]!;
      const etag = name === 'model.safetensors' || content.length > 1000 ? sha256(content) : gitHash(content);
      expect(await readlink(join(folder, name))).toBe(join('..', '..', 'blobs', etag));
      expect((await readFile(join(folder, name))).equals(content)).toBe(true);
    }
    expect(await readFile(join(session.folder, 'refs', 'main'), 'utf8')).toBe(commitA);
    expect((await readdir(join(session.folder, 'blobs'))).filter((name) => name.includes('.'))).toEqual([]);
    expect((await loadClip(folder)).config.embedDim).toBe(12);
  });

  it('is not repeated: a second resolve asks nobody', async () => {
    const folder = await session.resolve();
    const before = session.hub.requests.length;
    expect(await session.resolve()).toBe(folder);
    await session.hub.close();
    expect(await session.resolve()).toBe(folder);
    expect(session.hub.requests.length).toBe(before);
  });

  it('tells how far it is, up to all bytes', async () => {
    const seen: PullProgress[] = [];
    await session.resolve('hf:lab/clip', {onProgress: (progress) => seen.push(progress)});
    const total = wanted.reduce(
      (sum, name) => sum + session.hub.repositories['lab/clip']!.files[name]!.length,
      0,
    );
    expect(seen.at(-1)).toMatchObject({file: 'model.safetensors', doneBytes: total, totalBytes: total});
    expect(seen.every(({doneBytes}, i) => i === 0 || doneBytes >= seen[i - 1]!.doneBytes)).toBe(true);
  });

  it('sends the token to the hub, never to the host that holds the files', async () => {
    session.hub.repositories['lab/clip'] = {
      commit: commitA,
      files: busyRepository(),
      token: 'secret',
    };
    await session.resolve('hf:lab/clip', session.options({HF_TOKEN: 'secret'}));
    expect(session.lines).toContain(`cdn GET /blobs/${sha256(session.weights)}`);
    for (const {line, authorization} of session.hub.requests) {
      expect(authorization).toBe(line.startsWith('hub ') ? 'Bearer secret' : undefined);
    }
  });

  it('takes the token from the file that the login writes', async () => {
    session.hub.repositories['lab/clip'] = {
      commit: commitA,
      files: busyRepository(),
      token: 'from-file',
    };
    await mkdir(session.home, {recursive: true});
    await writeFile(join(session.home, 'token'), 'from-file\n');
    expect(await session.resolve()).toContain(commitA);
  });

  it('takes a branch, a tag or a commit', async () => {
    session.hub.repositories['lab/clip'] = {
      commit: commitA,
      files: busyRepository(),
      refs: {'refs/pr/3': commitB, v1: commitA},
    };
    expect(await session.resolve(`hf:lab/clip@${commitA}`)).toContain(`snapshots/${commitA}`);
    expect(await session.resolve('hf:lab/clip@v1')).toContain(`snapshots/${commitA}`);
    expect(await readFile(join(session.folder, 'refs', 'v1'), 'utf8')).toBe(commitA);
    expect(existsSync(join(session.folder, 'refs', commitA))).toBe(false);
  });

  it('brings all shards that the index names', async () => {
    session.hub.repositories['lab/shards'] = {commit: commitA, files: goldenFiles('hf-bf16-sharded')};
    const folder = await session.resolve('hf-hub:lab/shards');
    expect((await readdir(folder)).sort()).toEqual(Object.keys(goldenFiles('hf-bf16-sharded')).sort());
    expect((await loadClip(folder)).source.dtype).toBe('BF16');
  });

  it('prefers OpenCLIP files where a repository holds both, and leaves the other weights', async () => {
    const files = {...busyRepository(), ...goldenFiles('open-clip-vit-f16')};
    session.hub.repositories['lab/both'] = {commit: commitA, files};
    const names = await readdir(await session.resolve('hf:lab/both'));
    expect(names).toContain('open_clip_model.safetensors');
    expect(names).not.toContain('model.safetensors');
  });

  it('reads model.safetensors as OpenCLIP’s when config.json is not a CLIP’s', async () => {
    const {['open_clip_model.safetensors']: model, ...rest} = goldenFiles('open-clip-vit-f16');
    const timm = Buffer.from('{"architecture": "vit_base_patch32_clip_224"}');
    session.hub.repositories['timm/x'] = {
      commit: commitA,
      files: {...rest, 'model.safetensors': model!, 'config.json': timm},
    };
    const folder = await session.resolve('hf:timm/x');
    expect((await loadClip(folder)).source).toMatchObject({layout: 'open_clip', dtype: 'F16'});
  });

  it('of a known name goes to its repository', async () => {
    session.hub.repositories['timm/vit_base_patch32_clip_224.openai'] = {
      commit: commitB,
      files: goldenFiles('open-clip-vit-f16'),
    };
    expect(await session.resolve('ViT-B-32/openai')).toBe(
      join(session.home, 'hub', 'models--timm--vit_base_patch32_clip_224.openai', 'snapshots', commitB),
    );
  });

  it('pulls a branch that has moved, and fetches only what changed', async () => {
    await session.resolve();
    const before = session.hub.requests.length;
    const repository = session.hub.repositories['lab/clip']!;
    repository.commit = commitB;
    repository.files['merges.txt'] = Buffer.from('#version: 0.3\n');
    const {folder, downloadedBytes} = await session.pull();
    expect(folder).toContain(commitB);
    expect(downloadedBytes).toBe(14);
    expect(session.lines.slice(before).filter((line) => line.includes('/resolve/'))).toEqual([
      `hub GET /lab/clip/resolve/${commitB}/merges.txt`,
    ]);
    expect(await session.resolve()).toBe(folder);
  });

  it('mends a link whose bytes were deleted', async () => {
    const folder = await session.resolve();
    await rm(session.blob);
    expect(await session.resolve()).toBe(folder);
    expect((await readFile(join(folder, 'model.safetensors'))).equals(session.weights)).toBe(true);
  });

  it('checks only the length of files that the hub names by their Xet hash', async () => {
    session.hub.repositories['lab/xet'] = {
      commit: commitA,
      files: goldenFiles('hf-f32'),
      xetFiles: ['model.safetensors'],
    };
    expect(existsSync(join(await session.resolve('hf:lab/xet'), 'model.safetensors'))).toBe(true);
  });

  it('waits for another process that is at it, then finds the files there', async () => {
    const notices: string[] = [];
    const onNotice = (notice: string) => notices.push(notice);
    const both = [session.resolve('hf:lab/clip', {onNotice}), session.resolve('hf:lab/clip', {onNotice})];
    const [first, second] = await Promise.all(both);
    expect(second).toBe(first);
    expect(session.lines.filter((line) => line.startsWith('cdn '))).toHaveLength(
      wanted.filter((name) => session.hub.repositories['lab/clip']!.files[name]!.length > 1000).length,
    );
    expect(notices).toEqual(['hf:lab/clip: another process is downloading it: waiting']);
  });
});
