import {spawnSync} from 'node:child_process';
import {createHash} from 'node:crypto';
import {existsSync, mkdirSync, readFileSync, writeFileSync} from 'node:fs';
import {dirname, join} from 'node:path';
import {fileURLToPath} from 'node:url';
import {cacheFolder} from '../../src/support/cache-folder.js';

/** What the parity tests and the benches compare with, pinned. */
export const pythonRequirements = fileURLToPath(new URL('../parity/requirements.txt', import.meta.url));

export interface PythonPlace {
  /** Folder of the environment; default: in the user cache, once for all clones. */
  readonly folder?: string;
  /** A folder of wheels that is read instead of the package index. */
  readonly wheels?: string | undefined;
}

/** The interpreter of an environment that {@link makePythonEnvironment} makes. */
export function environmentPython(folder = join(cacheFolder(), 'parity-venv')): string {
  return join(folder, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
}

/**
 * Makes a Python environment with PyTorch, open_clip and transformers, unless it is there as requirements.txt asks.
 * @returns its interpreter
 * @throws Error when a step of it fails, with what it takes
 */
export function makePythonEnvironment({folder, wheels}: PythonPlace = {}): string {
  const python = environmentPython(folder);
  const environment = dirname(dirname(python));
  const stamp = join(environment, 'requirements.sha256');
  const wanted = createHash('sha256').update(readFileSync(pythonRequirements)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python;
  process.stderr.write(
    `installing PyTorch, open_clip and transformers into ${environment} (about 7 GB, once)\n`,
  );
  mkdirSync(dirname(environment), {recursive: true});
  if (!existsSync(python)) {
    run(
      'python3',
      ['-m', 'venv', environment],
      'expected Python 3.11 or later with venv: on Debian, apt install python3-venv',
    );
  }
  const source = wheels === undefined ? [] : ['--no-index', '--find-links', wheels];
  const install = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...source];
  run(
    python,
    [...install, '-r', pythonRequirements],
    `expected ${wheels ?? 'a package index'} with all of requirements.txt, and 7 GB of space`,
  );
  // last, so that an environment that is not whole is filled again
  writeFileSync(stamp, wanted);
  return python;
}

/** Runs a program to its end, showing what it says. */
export function run(program: string, args: readonly string[], hint: string): void {
  const {status, error} = spawnSync(program, args, {stdio: ['ignore', 2, 2]});
  if (!error && status === 0) return;
  throw new Error(`${program} ${args.join(' ')} failed${error ? `: ${error.message}` : ''}\n  ${hint}`);
}
