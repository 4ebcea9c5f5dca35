import {existsSync, readdirSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join, posix} from 'node:path';
import fc from 'fast-check';
import {expect, it} from 'vitest';
import {convertSet} from '../../../src/app/data/convert.js';
import {indexTar, type ArchiveIndex} from '../../../src/data/tar-index.js';
import {indexZip} from '../../../src/data/zip-index.js';
import {UserError} from '../../../src/support/errors.js';
import {tarOf, temporaryFolder} from '../../support/files-on-disk.js';
import {hostileName} from '../../support/hostile-names.js';
import {makeZip} from '../../support/make-zip.js';

const kinds: Readonly<Record<string, (name: string) => Promise<ArchiveIndex>>> = {
  tar: async (name) => indexTar(await tarOf([{name, content: 'x'}])),
  zip: async (name) => {
    const path = join(await temporaryFolder(), 'set.zip');
    await makeZip(path, [{name, data: 'x'}]);
    return indexZip(path);
  },
};

it.each(Object.keys(kinds))(
  'a %s gives only names below its root, whatever is written in it',
  async (kind) => {
    await fc.assert(
      fc.asyncProperty(hostileName, async (name) => {
        const index = await kinds[kind]!(name).catch((error: unknown) => error);
        if (index instanceof UserError) return;
        for (const {path} of (index as ArchiveIndex).members) {
          expect(posix.join('/root', path)).toBe(`/root/${path}`);
          expect(path.length).toBeLessThanOrEqual(4096);
          expect(path).not.toMatch(/[\\\p{Cc}\u202a-\u202e\u2066-\u2069]|^[A-Za-z]:\//u);
        }
      }),
      {numRuns: 150},
    );
  },
);

it.each(Object.keys(kinds))('converting a %s writes no name of it to the disk', async (kind) => {
  await fc.assert(
    fc.asyncProperty(hostileName, async (name) => {
      const folder = await temporaryFolder();
      const from = kind === 'tar' ? await tarOf([{name, content: 'x'}]) : join(folder, 'set.zip');
      if (kind === 'zip') await makeZip(from, [{name, data: 'x'}]);
      const before = readdirSync(tmpdir()).filter((one) => !one.startsWith('fewclip'));
      const out = join(folder, 'out');
      const events = convertSet({from, to: 'csv', out, keys: {}, shardRows: 10});
      try {
        for (;;) if ((await events.next()).done) break;
      } catch (error) {
        expect(error).toBeInstanceOf(UserError);
      }
      const written = existsSync(out) ? readdirSync(out, {recursive: true}).map(String).sort() : [];
      if (existsSync(out)) expect(written).toEqual(['captions.csv', 'images', join('images', '000000.jpg')]);
      expect(readdirSync(folder).filter((one) => !['out', 'set.zip'].includes(one))).toEqual([]);
      expect(
        readdirSync(tmpdir()).filter((one) => !one.startsWith('fewclip') && !before.includes(one)),
      ).toEqual([]);
    }),
    {numRuns: 25},
  );
});
