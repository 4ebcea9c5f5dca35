#!/usr/bin/env node
// Runs the parity tests: makes the Python environment they compare with (in the user cache, once for all clones),
// then vitest. Arguments go to vitest:  npm run test:parity -- towers
import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {homedir} from 'node:os';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const root = dirname(dirname(here));
const requirements = join(here, 'requirements.txt');

// as src/support/cache-folder.ts, which needs a build
const cache =
  process.env.FEWCLIP_CACHE || join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'fewclip');
const environment = join(cache, 'parity-venv');
const python = join(environment, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
const stamp = join(environment, 'requirements.sha256');

function run(program, args, hint) {
  const {status, error} = spawnSync(program, args, {cwd: root, stdio: 'inherit'});
  if (!error && status === 0) return true;
  if (hint)
    console.error(
      `parity: ${program} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}\n  ${hint}`,
    );
  return false;
}

/** Makes the environment hold what requirements.txt asks for; the stamp is written last. */
function prepare() {
  const wanted = createHash('sha256').update(readFileSync(requirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  console.error(
    `parity: installing PyTorch, open_clip and transformers into ${environment} (about 7 GB, once)`,
  );
  mkdirSync(cache, {recursive: true});
  const hint = 'expected Python 3.11 or later with venv: on Debian, apt install python3-venv';
  if (!existsSync(python) && !run('python3', ['-m', 'venv', environment], hint)) return false;
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements];
  if (!run(python, install, 'expected a package index with all of requirements.txt, and 7 GB of space'))
    return false;
  writeFileSync(stamp, wanted);
  return true;
}

const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
const passed =
  prepare() && run(process.execPath, [vitest, 'run', '--project', 'parity', ...process.argv.slice(2)]);
process.exitCode = passed ? 0 : 1;
