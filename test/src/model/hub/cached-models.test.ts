import {existsSync} from 'node:fs';
import {mkdir, readdir, rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {listCachedModels, removeRepository, removeRevision} from '../../../../src/model/hub/cached-models.js';
import {busyRepository, commitA, commitB} from '../../../support/hub-models.js';
import {hubSession} from '../../../support/hub-session.js';

const session = hubSession();
const cache = () => join(session.home, 'hub');

/** `lab/clip` as it was under the tag v1, then as it is on main: the weights are the same, the card is not. */
async function pullTwoRevisions(): Promise<void> {
  const repository = session.hub.repositories['lab/clip']!;
  session.hub.repositories['lab/clip'] = {...repository, refs: {v1: commitA}};
  await session.resolve('hf:lab/clip@v1');
  session.hub.repositories['lab/clip'] = {...repository, commit: commitB};
  repository.files['README.md'] = Buffer.from('another card');
  await session.resolve();
}

describe('listCachedModels', () => {
  it('is empty without a cache', async () => {
    expect(await listCachedModels(join(session.home, 'none'))).toEqual([]);
  });

  it('lists every whole checkpoint with its revisions and size', async () => {
    await pullTwoRevisions();
    const models = await listCachedModels(cache());
    expect(models).toMatchObject([
      {repository: 'lab/clip', commit: commitA, revisions: ['v1']},
      {repository: 'lab/clip', commit: commitB, revisions: ['main']},
    ]);
    const wanted = (await readdir(models[1]!.folder)).map(
      (name) => session.hub.repositories['lab/clip']!.files[name]!.length,
    );
    expect(models[1]!.bytes).toBe(wanted.reduce((sum, bytes) => sum + bytes, 0));
  });

  it('passes over what is no CLIP, torn, or not a repository', async () => {
    await session.resolve();
    await mkdir(join(cache(), 'models--other--text', 'snapshots', commitA), {recursive: true});
    await writeFile(join(cache(), 'models--other--text', 'snapshots', commitA, 'story.txt'), 'once');
    await mkdir(join(cache(), 'datasets--a--b', 'snapshots', commitA), {recursive: true});
    await writeFile(join(cache(), 'version.txt'), '1');
    expect(await listCachedModels(cache())).toHaveLength(1);
    await rm(session.blob);
    expect(await listCachedModels(cache())).toEqual([]);
  });
});

describe('removal', () => {
  it('of a repository leaves nothing of it, and says how much that was', async () => {
    await session.resolve();
    const [model] = await listCachedModels(cache());
    expect(await removeRepository(cache(), 'lab/clip')).toEqual({
      bytes: model!.bytes,
      folder: session.folder,
    });
    expect(existsSync(session.folder)).toBe(false);
    expect(await removeRepository(cache(), 'lab/clip')).toBeUndefined();
  });

  it('of a revision keeps what another revision uses', async () => {
    await pullTwoRevisions();
    const blobs = (await readdir(join(session.folder, 'blobs'))).length;
    expect(await removeRevision(cache(), 'lab/clip', 'v1')).toMatchObject({
      bytes: busyRepository()['README.md']!.length,
    });
    expect((await readdir(join(session.folder, 'blobs'))).length).toBe(blobs - 1);
    expect(await listCachedModels(cache())).toMatchObject([{commit: commitB, revisions: ['main']}]);
    expect(await removeRevision(cache(), 'lab/clip', 'v1')).toBeUndefined();
    expect(await session.resolve()).toContain(commitB);
  });

  it('of the only revision is that of the repository', async () => {
    await session.resolve();
    await removeRevision(cache(), 'lab/clip', commitA);
    expect(existsSync(session.folder)).toBe(false);
  });
});
