import {readdirSync} from 'node:fs';
import {expect, it} from 'vitest';
import {listMethods, loadMethod} from '../../../../src/methods/contract/load-method.js';
import {UserError} from '../../../../src/support/errors.js';

it('lists the files of the folder, and no helper among them', async () => {
  const folder = new URL('../../../../src/methods/', import.meta.url);
  const files = readdirSync(folder, {withFileTypes: true}).filter((entry) => entry.isFile());
  const names = files.map(({name}) => name.replace(/\.ts$/, '')).sort();
  expect(names).toEqual(expect.arrayContaining(['clip', 's-clip']));
  expect(await listMethods()).toEqual(names);
});

it('loads a method by name', async () => {
  expect((await loadMethod('s-clip')).needs).toEqual({unpaired: 'images', alike: true, keywords: true});
});

it('an unknown name is answered with the known ones and the nearest', async () => {
  const known = (await listMethods()).join(', ');
  await expect(loadMethod('zzz')).rejects.toThrow(
    new UserError(`method: expected a known method, got zzz (known: ${known})`),
  );
  await expect(loadMethod('softpl')).rejects.toThrow(/did you mean soft-pl\?/);
});
