import {mkdirSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {claimTryFolder} from '../../../../src/app/try/try-folder.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();

it('goes on in the folder of the same settings until it is finished, and leaves every other alone', async () => {
  const base = join(root, 'try');
  mkdirSync(base);
  writeFileSync(join(base, 'mine.txt'), '');
  mkdirSync(`${base}-2`);
  const first = await claimTryFolder(base, {settings: ['a']});
  expect(first.path).toBe(`${base}-2`);
  expect((await claimTryFolder(base, {settings: ['b']})).path).toBe(`${base}-3`);
  expect((await claimTryFolder(base, {settings: ['a']})).path).toBe(`${base}-2`);
  writeFileSync(first.result, '{}');
  expect((await claimTryFolder(base, {settings: ['a']})).path).toBe(`${base}-4`);
});
