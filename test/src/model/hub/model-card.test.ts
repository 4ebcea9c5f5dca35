import {mkdtemp, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {licenceOf} from '../../../../src/model/hub/model-card.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();

it.each([
  ['---\nlicense: mit\n---\n# Card', 'mit'],
  ['---\r\ntags:\r\n- clip\r\nlicense: apache-2.0\r\n---\r\n', 'apache-2.0'],
  ['---\nlicense: "cc-by-4.0"\n---', 'cc-by-4.0'],
  ['---\nlicense:\n- mit\n- other\n---', 'mit'],
  ['---\nlicense: [mit]\n---', 'mit'],
  ['---\nlicense: other\nlicense_name: apple-ascl\n---', 'apple-ascl'],
  ['---\nlicense: other\n---', 'other'],
  ['---\nlicense:\ntags:\n- clip\n---', undefined],
  ['---\ntags: []\n---\nlicense: mit', undefined],
  ['# Card\nlicense: mit', undefined],
  ['', undefined],
])('the licence of the card %j is %s', async (card, licence) => {
  const folder = await mkdtemp(join(root, 'card-'));
  await writeFile(join(folder, 'README.md'), card);
  expect(await licenceOf(folder)).toBe(licence);
});

it('a folder without a card has no licence to tell', async () => {
  expect(await licenceOf(root)).toBeUndefined();
});
