#!/usr/bin/env node
// Runs the parity tests: makes the Python environment they compare with (in the user cache, once for all clones),
// then vitest. Arguments go to vitest:  npm run test:parity -- towers
import {spawnSync} from 'node:child_process';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {register} from 'tsx/esm/api';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

register();
const {makePythonEnvironment} = await import('../support/python-environment.ts');
try {
  makePythonEnvironment();
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--project', 'parity', ...process.argv.slice(2)];
  const {status} = spawnSync(process.execPath, args, {cwd: root, stdio: 'inherit'});
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(`parity: ${error.message}`);
  process.exitCode = 1;
}
