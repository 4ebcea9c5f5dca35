import {existsSync} from 'node:fs';
import {join} from 'node:path';
import {expect, it} from 'vitest';
import {exitCodes} from '../../src/support/errors.js';
import {runFewclip} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';

const root = temporaryFolder();

it('init domain takes everything by flags, and without a terminal names the flags that are missing', async () => {
  const file = join(root, 'birds.yaml');
  const some = ['init', 'domain', file, '--summary', 'Garden birds.', '--licence', 'own'];
  const missing = await runFewclip(some);
  expect(missing.exit).toBe(exitCodes.usage);
  expect(missing.stderr).toBe(
    'Error: init: expected answers by flags where no terminal is, got none for --class, --keyword\n',
  );
  expect(existsSync(file)).toBe(false);
  const lists = [
    '--class',
    'robin',
    '--class',
    'greattit=great tit',
    '--keyword',
    'wing',
    '--keyword',
    'beak',
  ];
  const made = await runFewclip([...some, ...lists]);
  expect([made.exit, made.stderr]).toEqual([exitCodes.done, '']);
  expect(made.stdout).toBe(`wrote ${file}: 2 classes, 1 templates, 2 keywords\n`);
});
