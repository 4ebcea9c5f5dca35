import {spawnSync} from 'node:child_process';
import {constants, existsSync} from 'node:fs';
import {cp, mkdir, rm} from 'node:fs/promises';
import {join} from 'node:path';
import {enginePlaces} from '../../src/engine/install/engine-places.js';
import {installedEngines} from '../../src/engine/install/list-installed.js';
import type {EngineKind} from '../../src/engine/install/wheels.js';
import {writeFileAtomically} from '../../src/support/atomic-file.js';
import {exitCodes, UserError} from '../../src/support/errors.js';
import {packageRoot} from '../../src/support/package-root.js';
import {pythonRequirements} from '../../test/support/python-environment.js';
import {commitFile, machine} from '../support/machine.js';

/** Where things lie in a prepared folder. */
export function preparedPlaces(folder: string) {
  return {
    app: join(folder, 'app'),
    cache: join(folder, 'cache'),
    wheels: join(folder, 'wheels'),
    venv: join(folder, 'venv'),
    result: join(folder, 'bench-gpu.json'),
  };
}

/** What the bench needs of a clone. Lockfile and build configuration stay behind: setup then takes dist as it is. */
const parts = [
  'bench',
  'bin',
  'commands',
  'dist',
  'domains',
  'src',
  'recipes',
  'package.json',
  'tsconfig.json',
];
const testParts = ['support', 'parity'];

export interface PrepareOptions {
  readonly engine: EngineKind;
  /** Fetch PyTorch and the rest of the peer, for this machine's version of Python. */
  readonly peer: boolean;
  readonly onProgress: (message: string) => void;
}

/**
 * Gathers what `bench gpu --from` needs on a machine without network: the program with its packages, the engine, and
 * the wheels of the peer.
 * @throws UserError (exit `retry`) when something cannot be fetched
 */
export async function prepareFolder(
  folder: string,
  {engine, peer, onProgress}: PrepareOptions,
): Promise<void> {
  const {app, cache, wheels} = preparedPlaces(folder);
  onProgress('copying the program and its packages');
  await copyProgram(app);
  onProgress(`installing the ${engine} engine`);
  await copyEngine(engine, join(cache, 'engines'));
  const install = [join(app, 'bin', 'run.js'), 'engine', 'install', `--${engine}`];
  fetched(process.execPath, install, {FEWCLIP_CACHE: cache});
  if (!peer) return;
  onProgress('downloading the wheels of the peer');
  await mkdir(wheels, {recursive: true});
  fetched('python3', ['-m', 'pip', 'download', '--quiet', '--dest', wheels, '-r', pythonRequirements], {});
}

async function copyProgram(app: string): Promise<void> {
  const root = packageRoot();
  await rm(app, {recursive: true, force: true});
  const copy = (part: string) =>
    cp(join(root, part), join(app, part), {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
    });
  for (const part of parts) await copy(part);
  for (const part of testParts) await copy(join('test', part));
  await copy('node_modules');
  await writeFileAtomically(join(app, commitFile), machine().commit);
}

/** Takes an engine that the user cache has already; what is missing is downloaded afterwards. */
async function copyEngine(kind: EngineKind, engines: string): Promise<void> {
  const known = (await installedEngines(enginePlaces())).find((one) => one.kind === kind && one.whole);
  const target = known && join(engines, known.name);
  if (target === undefined || existsSync(target)) return;
  await cp(known!.folder, target, {recursive: true, mode: constants.COPYFILE_FICLONE});
}

function fetched(program: string, args: readonly string[], env: NodeJS.ProcessEnv): void {
  const {status} = spawnSync(program, args, {stdio: ['ignore', 2, 2], env: {...process.env, ...env}});
  if (status === 0) return;
  throw new UserError(`gpu --prepare: expected this to succeed: ${program} ${args.join(' ')}`, {
    exit: exitCodes.retry,
    tryThis: 'what the lines above say, then the same command again',
  });
}
