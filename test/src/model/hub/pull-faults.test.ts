import {existsSync} from 'node:fs';
import {lstat, mkdir, readdir, readFile, symlink, writeFile} from 'node:fs/promises';
import {createServer as createWebServer} from 'node:http';
import {createServer, type AddressInfo} from 'node:net';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {sha256} from '../../../support/fake-hub.js';
import {commitA, goldenFiles} from '../../../support/hub-models.js';
import {hubSession, refusalOf} from '../../../support/hub-session.js';

const session = hubSession();

describe('a connection that drops', () => {
  const half = () => Math.floor(session.weights.length / 2);

  it('ends with exit 75, and the next command goes on by Range', async () => {
    session.hub.faults['model.safetensors'] = [{kind: 'drop', afterBytes: half()}];
    const error = await refusalOf(session.resolve());
    expect(error).toMatchObject({
      exit: 75,
      message:
        'hf:lab/clip: model.safetensors: expected all of the file, got a dropped connection (the connection broke)',
      tryThis: 'run the same command again: it goes on where it stopped',
    });
    expect(existsSync(join(session.folder, 'refs', 'main'))).toBe(false);
    const partial = (await lstat(`${session.blob}.incomplete`)).size;
    expect(partial).toBe(half());
    const folder = await session.resolve();
    expect(session.hub.requests.at(-1)).toMatchObject({range: `bytes=${partial}-`});
    expect((await readFile(join(folder, 'model.safetensors'))).equals(session.weights)).toBe(true);
    expect(existsSync(`${session.blob}.incomplete`)).toBe(false);
  });

  it('is taken up again in the same command, as often as there are pauses', async () => {
    session.hub.faults['model.safetensors'] = [
      {kind: 'drop', afterBytes: 1000},
      {kind: 'drop', afterBytes: 1000},
    ];
    const folder = await session.resolve('hf:lab/clip', {retryDelaysMs: [1, 1]});
    expect((await readFile(join(folder, 'model.safetensors'))).equals(session.weights)).toBe(true);
    expect(session.hub.requests.filter(({range}) => range).map(({range}) => range)).toContain('bytes=2000-');
  });

  it('without an announced length is noticed at its end', async () => {
    session.hub.faults['model.safetensors'] = [{kind: 'end-early', afterBytes: 5000}];
    const error = await refusalOf(session.resolve());
    expect(error).toMatchObject({exit: 75});
    expect(error!.message).toContain(`got a dropped connection (5000 of ${session.weights.length} bytes)`);
    expect((await readFile(join(await session.resolve(), 'model.safetensors'))).equals(session.weights)).toBe(
      true,
    );
  });

  it('starts from the first byte with a server that ignores Range', async () => {
    session.hub.faults['model.safetensors'] = [{kind: 'drop', afterBytes: half()}, {kind: 'ignore-range'}];
    await refusalOf(session.resolve());
    expect((await readFile(join(await session.resolve(), 'model.safetensors'))).equals(session.weights)).toBe(
      true,
    );
  });

  it('before anything came is exit 75 too', async () => {
    const dead = createServer((socket) => socket.destroy()).listen(0, '127.0.0.1');
    await new Promise((ready) => dead.once('listening', ready));
    const endpoint = `http://127.0.0.1:${(dead.address() as AddressInfo).port}`;
    const error = await refusalOf(session.resolve('hf:lab/clip', session.options({HF_ENDPOINT: endpoint})));
    dead.close();
    expect(error).toMatchObject({
      exit: 75,
      message: `hf:lab/clip: expected an answer of ${endpoint}, got UND_ERR_SOCKET`,
    });
    const refused = await refusalOf(session.resolve('hf:lab/clip', session.options({HF_ENDPOINT: endpoint})));
    expect(refused).toMatchObject({
      exit: 75,
      message: `hf:lab/clip: expected an answer of ${endpoint}, got ECONNREFUSED`,
    });
  });

  it('cut by Ctrl-C keeps what came', async () => {
    const controller = new AbortController();
    session.hub.faults['model.safetensors'] = [{kind: 'drop', afterBytes: half()}];
    const stopped = refusalOf(
      session.resolve('hf:lab/clip', {
        signal: controller.signal,
        retryDelaysMs: [60_000],
        onProgress: ({file, doneBytes}) => {
          if (file === 'model.safetensors' && doneBytes > half()) controller.abort('SIGINT');
        },
      }),
    );
    expect(await stopped).toMatchObject({
      exit: 130,
      message: 'hf:lab/clip: stopped; the same command goes on from here',
    });
    expect((await lstat(`${session.blob}.incomplete`)).size).toBeGreaterThan(0);
    expect(await session.resolve()).toContain(commitA);
  });
});

describe('wrong bytes', () => {
  it.each([
    [
      'a file that is shorter than listed',
      {kind: 'length', bytes: 4000} as const,
      'got 4000 bytes; they are deleted',
    ],
    [
      'a file that is longer than listed',
      {kind: 'too-long', bytes: 7} as const,
      'expected 87676 bytes, got more; they are deleted',
    ],
    [
      'a file with another SHA-256',
      {kind: 'corrupt'} as const,
      /expected \d+ bytes with sha256 [0-9a-f]{64}, got sha256 [0-9a-f]{64}; they are deleted/,
    ],
  ])('%s is deleted, with exit 75, and comes right the next time', async (_, fault, message) => {
    session.hub.faults['model.safetensors'] = [fault];
    const error = await refusalOf(session.resolve());
    expect(error).toMatchObject({exit: 75});
    expect(error!.message).toMatch(message);
    const left = await readdir(join(session.folder, 'blobs'));
    expect(
      left.some((name) => name.startsWith(sha256(session.weights)) && !name.endsWith('.incomplete')),
    ).toBe(false);
    expect((await readFile(join(await session.resolve(), 'model.safetensors'))).equals(session.weights)).toBe(
      true,
    );
  });

  it('of a small file are found by git’s hash', async () => {
    session.hub.faults['merges.txt'] = [{kind: 'corrupt'}];
    expect((await refusalOf(session.resolve()))!.message).toMatch(
      /merges\.txt: expected 14 bytes with git-sha1 [0-9a-f]{40}, got git-sha1/,
    );
  });

  it('left behind by an older try do not survive', async () => {
    await mkdir(join(session.folder, 'blobs'), {recursive: true});
    await writeFile(`${session.blob}.incomplete`, Buffer.alloc(2000, 7));
    expect(await refusalOf(session.resolve())).toMatchObject({exit: 75});
    expect(existsSync(`${session.blob}.incomplete`)).toBe(false);
    expect((await readFile(join(await session.resolve(), 'model.safetensors'))).equals(session.weights)).toBe(
      true,
    );
  });
});

describe('a refusal', () => {
  const page = (repository: string) => `${session.hub.endpoint}/${repository}`;

  it.each([
    ['laion/CLIP-ViT-B-32-laion2B-s34B-b79', ' (did you mean hf:laion/CLIP-ViT-B-32-laion2B-s34B-b79K?)'],
    ['nobody/nothing-at-all', ''],
  ])('404 for %s names the repository and the nearest known one', async (repository, nearest) => {
    expect(
      await refusalOf(session.resolve(`hf:${repository}`, session.options({HF_TOKEN: 'any'}))),
    ).toMatchObject({
      exit: 2,
      message: `hf:${repository}: expected a repository at ${page(repository)}, got HTTP 404${nearest}`,
      tryThis: 'fewclip models list --known',
    });
  });

  it('401 without a token asks for one', async () => {
    session.hub.repositories['lab/private'] = {commit: commitA, files: {}, token: 'secret'};
    expect(await refusalOf(session.resolve('hf:lab/private'))).toMatchObject({
      exit: 2,
      message: `hf:lab/private: expected access to ${page('lab/private')}, got HTTP 401: it is private, gated, or does not exist`,
      tryThis: `ask for access at ${page('lab/private')}, then set HF_TOKEN`,
    });
  });

  it('403 with a token says that it has no access', async () => {
    session.hub.repositories['lab/gated'] = {commit: commitA, files: {}, token: 'secret', isGated: true};
    expect(
      await refusalOf(session.resolve('hf:lab/gated', session.options({HF_TOKEN: 'other'}))),
    ).toMatchObject({
      exit: 2,
      message: `hf:lab/gated: expected access to ${page('lab/gated')}, got HTTP 403: the token has no access`,
      tryThis: `ask for access at ${page('lab/gated')}`,
    });
  });

  it('a revision that is not there is named', async () => {
    expect(await refusalOf(session.resolve('hf:lab/clip@v9'))).toMatchObject({
      exit: 2,
      message: 'hf:lab/clip@v9: expected a revision v9 of lab/clip, got HTTP 404',
    });
  });

  it.each([429, 500, 503])('HTTP %i is temporary', async (status) => {
    session.hub.faults['config.json'] = [{kind: 'status', status}];
    session.hub.faults['merges.txt'] = [{kind: 'status', status}];
    expect(await refusalOf(session.resolve())).toMatchObject({
      exit: 75,
      message: `hf:lab/clip: expected files from ${session.hub.endpoint}, got HTTP ${status}`,
    });
  });

  it('an answer that is not the hub’s is temporary, and names HF_ENDPOINT', async () => {
    const portal = createWebServer((_, response) => void response.end('<html>please log in</html>')).listen(
      0,
      '127.0.0.1',
    );
    await new Promise((ready) => portal.once('listening', ready));
    const endpoint = `http://127.0.0.1:${(portal.address() as AddressInfo).port}`;
    const error = await refusalOf(session.resolve('hf:lab/clip', session.options({HF_ENDPOINT: endpoint})));
    portal.close();
    expect(error).toMatchObject({
      exit: 75,
      tryThis: 'check HF_ENDPOINT, and whether a proxy answers in place of the hub',
    });
    expect(error!.message).toContain(
      `hf:lab/clip: expected an answer of the hub's API from ${endpoint}, got Unexpected token`,
    );
  });
});

describe('a repository without a CLIP in safetensors', () => {
  it('that holds a pickle gives the commands that convert it', async () => {
    const {['model.safetensors']: model, ...files} = goldenFiles('hf-f32');
    session.hub.repositories['lab/old'] = {commit: commitA, files: {...files, 'pytorch_model.bin': model!}};
    const error = await refusalOf(session.resolve('hf:lab/old'));
    expect(error).toMatchObject({
      exit: 3,
      message: 'hf:lab/old: expected safetensors, got only pickled weights (pytorch_model.bin)',
    });
    expect(error!.tryThis).toMatch(
      /^hf download lab\/old --local-dir old && python -c ".*" old\/pytorch_model\.bin old\/model\.safetensors$/,
    );
    expect(session.lines.some((line) => line.includes('pytorch_model.bin'))).toBe(false);
  });

  it('that holds something else lists it', async () => {
    session.hub.repositories['lab/text'] = {commit: commitA, files: {'story.txt': Buffer.from('once')}};
    expect(await refusalOf(session.resolve('hf:lab/text'))).toMatchObject({
      exit: 3,
      message:
        'hf:lab/text: expected a CLIP checkpoint (config.json with model.safetensors, or open_clip_config.json with open_clip_model.safetensors), got story.txt',
    });
  });

  it('that lacks a shard names it', async () => {
    const {['model-00003-of-00004.safetensors']: _gone, ...files} = goldenFiles('hf-bf16-sharded');
    session.hub.repositories['lab/torn'] = {commit: commitA, files};
    expect(await refusalOf(session.resolve('hf:lab/torn'))).toMatchObject({
      exit: 3,
      message:
        'hf:lab/torn: model.safetensors.index.json: expected the shard model-00003-of-00004.safetensors in the repository, got none',
    });
  });
});

describe('without the network', () => {
  it('HF_HUB_OFFLINE never asks, and says what to do when the model is not there', async () => {
    const offline = session.options({HF_HUB_OFFLINE: '1'});
    expect(await refusalOf(session.resolve('hf:lab/clip', offline))).toMatchObject({
      exit: 2,
      message: `hf:lab/clip: expected it in ${join(session.home, 'hub')}, because HF_HUB_OFFLINE is set, got nothing`,
      tryThis: 'HF_HUB_OFFLINE=0 fewclip models pull hf:lab/clip',
    });
    expect(await refusalOf(session.pull('hf:lab/clip', offline))).toMatchObject({exit: 2});
    expect(session.hub.requests).toEqual([]);
    const folder = await session.resolve();
    const before = session.hub.requests.length;
    expect(await session.resolve('hf:lab/clip', offline)).toBe(folder);
    expect(session.hub.requests.length).toBe(before);
  });

  it('cacheOnly never downloads', async () => {
    expect(await refusalOf(session.resolve('hf:lab/clip', {cacheOnly: true}))).toMatchObject({
      exit: 2,
      message: `hf:lab/clip: expected a model that is pulled, got none in ${join(session.home, 'hub')}`,
      tryThis: 'fewclip models pull hf:lab/clip',
    });
    expect(session.hub.requests).toEqual([]);
  });
});

describe('the disk', () => {
  it('is asked for room before anything is fetched', async () => {
    const files = goldenFiles('hf-f32');
    session.hub.repositories['lab/huge'] = {
      commit: commitA,
      files,
      claimedBytes: {'model.safetensors': 9e15},
    };
    const error = await refusalOf(session.resolve('hf:lab/huge'));
    expect(error).toMatchObject({exit: 75});
    expect(error!.message).toMatch(
      /^hf:lab\/huge: expected 9000 TB of free disk for .*models--lab--huge, got .*B$/,
    );
    expect(session.lines.some((line) => line.includes('/resolve/'))).toBe(false);
  });

  it('that fills up while bytes come is exit 75, and nothing counts as there', async () => {
    await mkdir(join(session.folder, 'blobs'), {recursive: true});
    await symlink('/dev/full', `${session.blob}.incomplete`);
    const error = await refusalOf(session.resolve());
    expect(error).toMatchObject({exit: 75});
    expect(error!.message).toBe(
      `hf:lab/clip: model.safetensors: expected room in ${join(session.folder, 'blobs')}, got a full disk`,
    );
    expect(existsSync(session.blob)).toBe(false);
    expect(existsSync(join(session.folder, 'refs', 'main'))).toBe(false);
  });

  it('that has a file where the cache should be is named, and the way out', async () => {
    await mkdir(session.home, {recursive: true});
    await writeFile(join(session.home, 'hub'), 'not a folder');
    expect(await refusalOf(session.resolve())).toMatchObject({
      exit: 2,
      message: `hf:lab/clip: expected a cache that can be written in ${join(session.home, 'hub')}, got ENOTDIR`,
      tryThis: 'set HF_HUB_CACHE to a folder of your own',
    });
    expect(await readdir(session.home)).toEqual(['hub']);
  });
});
