import {readFile, unlink, writeFile} from 'node:fs/promises';
import fc from 'fast-check';
import {describe, expect, it} from 'vitest';
import {readFilePart} from '../../../src/data/file-part.js';
import {indexTar, type ArchiveMember} from '../../../src/data/tar-index.js';
import {tarOf, type TarMember} from '../../support/files-on-disk.js';

const read = (path: string, entry: ArchiveMember) => readFilePart({path, entry});

describe('indexTar', () => {
  it('finds every file where it lies, of any size and with any name', async () => {
    const member = fc.record({
      name: fc.stringMatching(/^[a-zé😀]{1,12}(\/[a-z ]{1,60}[a-z]){0,4}\.jpg$/u),
      content: fc.uint8Array({maxLength: 2000}).map((bytes) => Buffer.from(bytes)),
    });
    const members = fc.uniqueArray(member, {selector: ({name}) => name, maxLength: 12});
    await fc.assert(
      fc.asyncProperty(members, async (list) => {
        const path = await tarOf(list);
        const {members, ignored} = await indexTar(path);
        expect(ignored).toBe(0);
        const names = list.map(({name}) => name);
        expect(members.map((member) => member.path)).toEqual(
          names.sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b))),
        );
        for (const {name, content} of list) {
          expect(
            await read(
              path,
              members.find((member) => member.path === name)!,
            ),
          ).toEqual(content);
        }
      }),
      {numRuns: 40},
    );
  });

  it('takes the later of two entries with one name', async () => {
    const path = await tarOf([
      {name: 'a.jpg', content: 'old'},
      {name: './a.jpg', content: 'newer'},
    ]);
    const {members} = await indexTar(path);
    expect(members).toHaveLength(1);
    expect(String(await read(path, members[0]!))).toBe('newer');
  });

  it('passes over folders and counts links, devices and pipes', async () => {
    const types = ['symlink', 'link', 'block-device', 'character-device', 'fifo'] as const;
    const others: TarMember[] = types.map((type) => ({name: type, type, linkname: '/etc/passwd'}));
    const path = await tarOf([{name: 'd/', type: 'directory'}, ...others, {name: 'a.jpg', content: 'x'}]);
    const {members, ignored} = await indexTar(path);
    expect(members.map((member) => member.path)).toEqual(['a.jpg']);
    expect(ignored).toBe(types.length);
  });

  it('refuses an archive with an entry that leads out of it', async () => {
    const hostile = [
      '../a.jpg',
      'x/../../a.jpg',
      '/etc/passwd',
      'C:\\a.jpg',
      '..\\..\\a.jpg',
      'a\u001b[2J.jpg',
      'a\u202egpj.exe',
    ];
    for (const name of hostile) {
      const path = await tarOf([
        {name: 'good.jpg', content: 'x'},
        {name, content: 'x'},
      ]);
      await expect(indexTar(path)).rejects.toThrow(`${path}: expected a path inside the set, got`);
    }
  });

  it('refuses more entries than it is told to hold', async () => {
    const path = await tarOf(['a', 'b', 'c'].map((name) => ({name, content: name})));
    expect((await indexTar(path, 3)).members).toHaveLength(3);
    await expect(indexTar(path, 2)).rejects.toThrow(`${path}: expected at most 2 files, got more`);
  });

  it('says that an archive has changed or gone when a file cannot be read later', async () => {
    const path = await tarOf([{name: 'a.jpg', content: Buffer.alloc(3000, 1)}]);
    const [member] = (await indexTar(path)).members;
    await writeFile(path, (await readFile(path)).subarray(0, 1000));
    await expect(read(path, member!)).rejects.toThrow(
      `${path}: expected 3000 bytes at 512, got 488: has it changed?`,
    );
    await unlink(path);
    await expect(read(path, member!)).rejects.toThrow(`${path}: expected a readable file, got Error: ENOENT`);
  });

  it('ends with an error or an index, never otherwise, on damaged archives', async () => {
    const whole = await readFile(await tarOf(['a.jpg', 'b.jpg'].map((name) => ({name, content: name}))));
    const path = await tarOf([]);
    await fc.assert(
      fc.asyncProperty(fc.nat(whole.length - 1), fc.nat(255), fc.nat(whole.length), async (at, byte, end) => {
        const damaged = Buffer.from(whole.subarray(0, end));
        if (at < end) damaged[at] = byte;
        await writeFile(path, damaged);
        const outcome = await indexTar(path).catch((error: Error) => error.name);
        if (outcome !== 'UserError') expect(outcome).toHaveProperty('members');
      }),
      {numRuns: 200},
    );
  });
});
