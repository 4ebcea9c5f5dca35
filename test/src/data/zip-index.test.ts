import {readFile, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {readFilePart} from '../../../src/data/file-part.js';
import {indexZip} from '../../../src/data/zip-index.js';
import {temporaryFolder} from '../../support/files-on-disk.js';
import {makeZip, type ZipEntry} from '../../support/make-zip.js';

const zipOf = async (entries: readonly ZipEntry[]) => {
  const path = join(await temporaryFolder(), 'set.zip');
  await makeZip(path, entries);
  return path;
};

describe('indexZip', () => {
  it('finds every file where it lies, packed', async () => {
    const path = await zipOf([
      {name: 'b/2.jpg', data: 'second '.repeat(50)},
      {name: 'a.jpg', data: 'one'},
      {name: '.DS_Store', data: 'x'},
    ]);
    const {members, ignored} = await indexZip(path);
    expect(ignored).toBe(0);
    expect(members.map((member) => member.path)).toEqual(['a.jpg', 'b/2.jpg']);
    const contents = await Promise.all(members.map((entry) => readFilePart({path, entry})));
    expect(contents.map(String)).toEqual(['one', 'second '.repeat(50)]);
  });

  it('never follows links', async () => {
    const path = await zipOf([
      {name: 'a.jpg', data: '/etc/passwd', mode: 0o120777},
      {name: 'b.jpg', data: 'x'},
    ]);
    // the type of a file stands above its permissions
    const content = await readFile(path);
    const at = content.lastIndexOf('a.jpg') - 8;
    content.writeUInt32LE((0o120777 << 16) >>> 0, at);
    await writeFile(path, content);
    const {members, ignored} = await indexZip(path);
    expect([members.map((member) => member.path), ignored]).toEqual([['b.jpg'], 1]);
  });

  it('refuses an archive with an entry that leads out of it', async () => {
    for (const name of ['../a.jpg', 'x/../../a.jpg', '/etc/passwd', 'C:/a.jpg']) {
      const path = await zipOf([{name, data: 'x'}]);
      await expect(indexZip(path)).rejects.toThrow(`${path}: expected `);
    }
  });

  it('refuses what unpacks to far more than it holds', async () => {
    const path = await zipOf([{name: 'a.jpg', data: Buffer.alloc(2 ** 21)}]);
    await expect(indexZip(path)).rejects.toThrow(
      /a\.jpg: expected at most 200 bytes for each packed one, got 2097152 from \d+$/,
    );
  });

  it('refuses files that together unpack to far more than the archive, or lie over one another', async () => {
    // below the bound of a single file, where nothing is asked
    const small = {data: Buffer.alloc(2 ** 20 - 1)};
    const many = await zipOf(Array.from({length: 9}, (_, i) => ({name: `${i}.jpg`, ...small})));
    await expect(indexZip(many)).rejects.toThrow(
      /set\.zip: expected at most 200 bytes for each packed one, got 9437175 from \d+$/,
    );
    const over = await zipOf(['a', 'b'].map((name) => ({name: `${name}.jpg`, data: 'x'.repeat(9)})));
    const content = await readFile(over);
    const second = content.lastIndexOf('PK\u0001\u0002');
    content.writeUInt32LE(5000, second + 20);
    await writeFile(over, content);
    await expect(indexZip(over)).rejects.toThrow(/set\.zip: expected /);
  });

  it('refuses more files than it is told to hold', async () => {
    const path = await zipOf(['a', 'b', 'c'].map((name) => ({name, data: name})));
    await expect(indexZip(path, 2)).rejects.toThrow(`${path}: expected at most 2 files, got 3`);
  });

  it('ends with an error or an index, never otherwise, on damaged archives', async () => {
    const path = await zipOf(['a.jpg', 'b.jpg'].map((name) => ({name, data: name.repeat(9)})));
    const whole = await readFile(path);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), async (at, byte, end) => {
        const damaged = Buffer.from(whole.subarray(0, end));
        if (at < end) damaged[at] = byte;
        await writeFile(path, damaged);
        const outcome = await indexZip(path).catch((error: Error) => error.name);
        if (outcome === 'UserError') return;
        expect(outcome).toHaveProperty('members');
        for (const entry of (outcome as Awaited<ReturnType<typeof indexZip>>).members) {
          const read = await readFilePart({path, entry}).catch((error: Error) => error.name);
          if (read !== 'UserError') expect(read).toHaveLength(entry.bytes);
        }
      }),
      {numRuns: 150},
    );
  });
});
