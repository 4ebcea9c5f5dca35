import {spawn} from 'node:child_process';
import {once} from 'node:events';
import {mkdtemp, readdir, writeFile} from 'node:fs/promises';
import {hostname, tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeEach, describe, expect, it} from 'vitest';
import {lockFolder} from '../../../src/support/folder-lock.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fewclip-lock-'));
});

describe('lockFolder', () => {
  it('refuses a second holder, naming the first, with exit code 8', async () => {
    const lock = await lockFolder(folder);
    await expect(lockFolder(folder)).rejects.toMatchObject({
      message: `${folder}: expected a free run folder, got one in use by process ${process.pid} on ${hostname()}`,
      exit: 8,
    });
    await lock.release();
  });

  it('is free again after release and leaves nothing behind', async () => {
    await (await lockFolder(folder)).release();
    await (await lockFolder(folder)).release();
    expect(await readdir(folder)).toEqual([]);
  });

  it('takes over from a process that was killed', async () => {
    const child = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], {stdio: 'ignore'});
    await once(child, 'spawn');
    await writeFile(
      join(folder, 'lock.json'),
      JSON.stringify({pid: child.pid, host: hostname(), started: ''}),
    );
    await expect(lockFolder(folder)).rejects.toThrow(`process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'exit');
    await (await lockFolder(folder)).release();
  });

  it('is not fooled by a new process under the old number', async () => {
    const stale = {pid: process.pid, host: hostname(), started: '1'};
    await writeFile(join(folder, 'lock.json'), JSON.stringify(stale));
    await (await lockFolder(folder)).release();
  });

  it('takes over a torn lock file', async () => {
    await writeFile(join(folder, 'lock.json'), '{"pid":');
    await (await lockFolder(folder)).release();
  });
});
