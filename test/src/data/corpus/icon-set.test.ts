import {writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {readIconSet} from '../../../../src/data/corpus/icon-set.js';
import {checkLicence} from '../../../../src/data/corpus/licence.js';
import {writeIconSet} from '../../../support/icon-set-folder.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();
const made = {prefix: 'discs', spdx: 'MIT', icons: {tomato: 'red', moon: 'white'}};

describe('readIconSet', () => {
  it('reads drawings in the order of their names, with aliases and code points', async () => {
    const folder = writeIconSet(join(root, 'discs'), {
      ...made,
      aliases: {'love-apple': 'tomato'},
      chars: {'1f345': 'tomato'},
    });
    const set = await readIconSet(folder, 'discs');
    expect(set).toMatchObject({
      prefix: 'discs',
      package: 'discs@1.0.0',
      title: 'The discs set',
      author: 'A. Drawer',
      source: 'drawings',
      licence: 'MIT',
    });
    expect(set.icons.map(({names, codePoints}) => [names, codePoints])).toEqual([
      [['moon'], undefined],
      [['tomato', 'love-apple'], '1f345'],
    ]);
  });

  it.each([
    ['CC-BY-SA-4.0', 'MIT', 'licence of the pictures', 'CC-BY-SA-4.0'],
    ['CC-BY-NC-4.0', 'MIT', 'licence of the pictures', 'CC-BY-NC-4.0'],
    [undefined, 'MIT', 'licence of the pictures', 'no licence'],
    ['MIT', 'GPL-3.0', 'licence of the package', 'GPL-3.0'],
  ])('pictures under %s in a package under %s are refused', async (spdx, licence, place, got) => {
    const folder = writeIconSet(join(root, `${spdx}-${licence}`), {...made, spdx, licence});
    await expect(readIconSet(folder, 'discs')).rejects.toThrow(
      `discs: ${place}: expected one of Apache-2.0, BSD-2-Clause, BSD-3-Clause, CC-BY-4.0, CC0-1.0, ISC, MIT, got ${got}`,
    );
  });

  it('Fluent’s pictures are refused by name, before anything is read', async () => {
    for (const name of [
      '@iconify-json/fluent-emoji-flat',
      '@lobehub/fluent-emoji-3d',
      '@iconify-json/fluent',
    ]) {
      await expect(readIconSet(join(root, 'nowhere'), name)).rejects.toThrow(
        `${name}: expected pictures that no domain adapts to, got Fluent's`,
      );
    }
  });

  it('says which file is missing or something else', async () => {
    const folder = writeIconSet(join(root, 'broken'), made);
    writeFileSync(join(folder, 'icons.json'), '{"prefix": 3}');
    await expect(readIconSet(folder, 'discs')).rejects.toThrow(
      `${join(folder, 'icons.json')}: expected the file of an icon set in Iconify's layout, got something else`,
    );
    await expect(readIconSet(join(root, 'nowhere'), 'discs')).rejects.toThrow('got ENOENT');
  });
});

it('every friendly licence passes', () => {
  for (const licence of ['Apache-2.0', 'CC-BY-4.0', 'CC0-1.0', 'ISC', 'MIT']) {
    expect(() => checkLicence('a', {here: licence})).not.toThrow();
  }
});
