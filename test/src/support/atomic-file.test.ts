import {mkdtemp, readFile, readdir} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {beforeEach, describe, expect, it} from 'vitest';
import {writeAtomically, writeFileAtomically, writeJsonAtomically} from '../../../src/support/atomic-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fewclip-atomic-'));
});

describe('writeAtomically', () => {
  it('leaves the old content and no temporary file when filling fails', async () => {
    const path = join(folder, 'a.txt');
    await writeFileAtomically(path, 'old');
    const failing = writeAtomically(path, async (file) => {
      await file.write('half');
      throw new Error('disk trouble');
    });
    await expect(failing).rejects.toThrow('disk trouble');
    expect(await readFile(path, 'utf8')).toBe('old');
    expect(await readdir(folder)).toEqual(['a.txt']);
  });

  it('shows the old content to readers until the new one is whole', async () => {
    const path = join(folder, 'a.txt');
    await writeFileAtomically(path, 'old');
    await writeAtomically(path, async (file) => {
      await file.write('new');
      expect(await readFile(path, 'utf8')).toBe('old');
    });
    expect(await readFile(path, 'utf8')).toBe('new');
  });

  it('makes missing folders and ends JSON with a newline', async () => {
    const path = join(folder, 'deep', 'er', 'a.json');
    await writeJsonAtomically(path, {a: [1]});
    expect(await readFile(path, 'utf8')).toBe('{\n  "a": [\n    1\n  ]\n}\n');
  });
});
