import {chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync} from 'node:fs';
import {delimiter, join} from 'node:path';
import {afterAll, beforeAll, beforeEach, expect, it} from 'vitest';
import {fetchPackage} from '../../../../src/data/corpus/fetch-package.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();
const packages = join(root, 'packages');
const path = process.env['PATH'];
const calls = join(root, 'calls');

/** Stands in for npm: notes how it was called, and installs any package but those named missing. */
const npm = `#!${process.execPath}
const {appendFileSync, mkdirSync, writeFileSync} = require('node:fs');
const args = process.argv.slice(2);
appendFileSync(${JSON.stringify(calls)}, args.join(' ') + '\\n');
const [, name, version] = /^(.+)@(.+)$/.exec(args.at(-1));
if (name.endsWith('missing')) { console.error('npm error 404 Not Found'); process.exit(1); }
const folder = args[args.indexOf('--prefix') + 1] + '/node_modules/' + name;
mkdirSync(folder, {recursive: true});
writeFileSync(folder + '/package.json', JSON.stringify({name, version}));
`;

beforeAll(() => {
  const bin = join(root, 'bin');
  mkdirSync(bin);
  writeFileSync(join(bin, 'npm'), npm);
  chmodSync(join(bin, 'npm'), 0o755);
  process.env['PATH'] = `${bin}${delimiter}${path}`;
});
beforeEach(() => writeFileSync(calls, ''));
afterAll(() => {
  process.env['PATH'] = path;
});

it('a package is fetched in its exact version, without running its scripts, and once', async () => {
  const notices: string[] = [];
  const wanted = {name: '@icons/set', version: '1.2.3'};
  const folder = await fetchPackage(packages, wanted, (message) => notices.push(message));
  expect(folder).toBe(join(packages, '@icons/set@1.2.3'));
  expect(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))).toEqual({...wanted});
  expect(notices).toEqual(['fetching @icons/set@1.2.3 with npm']);
  expect(readFileSync(calls, 'utf8')).toMatch(
    /^install --prefix \S+ --ignore-scripts .*@icons\/set@1\.2\.3\n$/,
  );

  expect(await fetchPackage(packages, wanted, (message) => notices.push(message))).toBe(folder);
  expect(notices).toHaveLength(1);
});

it('a package that npm does not find is told with what npm says, and nothing stays', async () => {
  const fetched = fetchPackage(packages, {name: 'missing', version: '1.0.0'}, () => undefined);
  await expect(fetched).rejects.toMatchObject({
    message: 'missing@1.0.0: expected npm to fetch it, got: npm error 404 Not Found',
    exit: 75,
  });
  expect(readdirSync(packages).filter((name) => name.startsWith('.'))).toEqual([]);
  expect(existsSync(join(packages, 'missing@1.0.0'))).toBe(false);
});
