import {existsSync, mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {afterAll, afterEach, beforeAll, describe, expect, it} from 'vitest';
import type {InstallEngineResult} from '../../src/app/install-engine.js';
import {makeEngine, type MadeEngine} from '../support/made-engine.js';
import {makeZip} from '../support/make-zip.js';
import {runFewclip} from '../support/run-fewclip.js';
import {sandboxClone} from '../support/sandbox-clone.js';

let made: MadeEngine;
let root: string;
let cache: string;
let wheel: string;

beforeAll(async () => {
  made = await makeEngine();
  root = sandboxClone(join(made.folder, 'sandbox'), {
    '@tensorflow/tfjs-node-gpu': made.surroundings.places.addonPackage,
  });
  cache = join(made.folder, 'cli-cache');
  // named as the pinned wheel, with other content: --force takes it
  wheel = join(made.folder, 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl');
  const headers = ['core/platform/ctstring.h', '../tsl/platform/ctstring.h', '../xla/tsl/c/status.h'];
  await makeZip(wheel, [
    ...made.tensorflow,
    ...headers.map((path) => ({name: join('tensorflow/include/tensorflow', path), data: ''})),
  ]);
});
afterAll(() => rmSync(made.folder, {recursive: true}));
afterEach(() => rmSync(cache, {recursive: true, force: true}));

const fewclip = (args: readonly string[], env: NodeJS.ProcessEnv = {}) =>
  runFewclip(args, {root, env: {FEWCLIP_CACHE: cache, ...env}});

describe('fewclip engine', () => {
  it('installs, lists and removes; json is one document, progress goes to stderr', async () => {
    const installed = await fewclip(['engine', 'install', '--wheel', wheel, '--force', '--format', 'json']);
    expect(installed.exit).toBe(0);
    const result = JSON.parse(installed.stdout) as InstallEngineResult;
    expect(result).toMatchObject({kind: 'cpu', tensorflow: '2.21.0', isNew: true, gpu: false});
    expect(installed.stderr).toMatch(/unpacking tensorflow_cpu-2\.21\.0: .*\nbuilding the addon\n/);

    const listed = await fewclip(['engine', 'list']);
    expect(listed.stdout).toMatch(new RegExp(`^\\* ${result.name} +\\d+(\\.\\d+)? kB +linked\n$`));
    const doctor = await fewclip(['doctor']);
    expect(doctor.exit).toBe(0);
    // the version that the made library reports about itself
    expect(doctor.stdout).toMatch(new RegExp(`^tensorflow +9\\.9\\.9 \\(cpu\\), ${result.name} in `, 'm'));

    const removed = await fewclip(['engine', 'remove', '--all']);
    expect(removed.stdout).toMatch(new RegExp(`^removed ${result.name} \\(`));
    expect(readdirSync(join(cache, 'engines'))).toEqual([]);
  }, 180_000);

  it('lists nothing when there is nothing, and says what to do', async () => {
    const empty = await fewclip(['engine', 'list']);
    expect(empty.stdout).toBe(
      `no engine in ${join(cache, 'engines')}\nno engine is linked: fewclip engine install\n`,
    );
    const json = JSON.parse((await fewclip(['engine', 'list', '--format', 'json'])).stdout) as object;
    expect(json).toEqual({folder: join(cache, 'engines'), engines: []});
  });

  it.each([
    [['install', '--cpu', '--cuda'], 2, /--c(pu|uda).*cannot also be provided/],
    [
      ['install', '--wheel', '/nowhere/a.whl'],
      2,
      /^Error: --wheel: expected a file, got \/nowhere\/a\.whl$/m,
    ],
    [
      ['install', '--wheel', 'package.json'],
      4,
      /^Error: --wheel: expected tensorflow_cpu-2\.21\.0.* got package\.json with/m,
    ],
    [['install', '--gpu'], 2, /Nonexistent flag: --gpu/],
    [['remove'], 2, /^Error: engine remove: expected a name or --all, got neither$/m],
    [['remove', 'x', '--all'], 2, /^Error: engine remove: expected a name or --all, got both$/m],
    [
      ['remove', 'nothing'],
      2,
      /^Error: engine remove: expected an installed engine, got nothing \(known: none\)$/m,
    ],
  ])('%o ends with exit code %i and one sentence', async (args, exit, message) => {
    const outcome = await fewclip(['engine', ...args]);
    expect(outcome.stderr).toMatch(message);
    expect(outcome.exit).toBe(exit);
    expect(outcome.stdout).toBe('');
  });

  it('refuses a wheel whose hash is not pinned, and leaves nothing', async () => {
    const outcome = await fewclip(['engine', 'install', '--wheel', wheel]);
    expect(outcome.exit).toBe(4);
    expect(outcome.stderr).toMatch(/^Error: --wheel: expected .* to have the SHA-256 2b847d21/m);
    expect(outcome.stderr).toMatch(/^Try this: fetch it again, or add --force/m);
    expect(existsSync(cache)).toBe(false);
  });

  it('says how to install the programs that are missing', async () => {
    const outcome = await fewclip(['engine', 'install'], {PATH: '/nowhere'});
    expect(outcome.exit).toBe(4);
    expect(outcome.stderr).toMatch(/^Error: engine install: expected .*, got no python3, no pip, no g\+\+$/m);
    expect(outcome.stderr).toMatch(/^Try this: (sudo )?apt-get install -y python3 python3-pip g\+\+$/m);
  });

  it('says so when the network is down, with exit code 75', async () => {
    const env = {
      ...made.surroundings.environment,
      FAKE_PIP: JSON.stringify({wheels: made.wheels, mode: 'offline'}),
    };
    const outcome = await fewclip(['engine', 'install', '--cpu'], env);
    expect(outcome.exit).toBe(75);
    expect(outcome.stderr).toMatch(
      /^Error: pip download: expected to reach the package index, got:\nWARNING: Retrying/m,
    );
    expect(readdirSync(join(cache, 'engines'))).toEqual([]);
  });
});

describe('fewclip doctor', () => {
  it('without an engine says how to get one, and that wasm works', async () => {
    const outcome = await fewclip(['doctor']);
    expect(outcome.stdout).toMatch(/^tensorflow {2}not installed$/m);
    expect(outcome.stdout).toMatch(
      /^warning: no TensorFlow engine is linked\n {2}fix: fewclip engine install$/m,
    );
    expect(outcome.stdout).toMatch(/\nfewclip works here\n$/);
    expect(outcome.exit).toBe(0);
  });

  it('without a way to read images ends with exit code 4, in json too', async () => {
    const sharp = join(root, 'node_modules/sharp');
    rmSync(sharp);
    mkdirSync(sharp);
    writeFileSync(join(sharp, 'package.json'), '{"name": "sharp", "version": "0.0.0", "main": "index.js"}');
    writeFileSync(join(sharp, 'index.js'), 'throw new Error("Could not load the sharp module");');
    const outcome = await fewclip(['doctor', '--format', 'json']);
    expect(outcome.exit).toBe(4);
    expect(JSON.parse(outcome.stdout)).toMatchObject({
      works: false,
      engines: {sharp: {works: false, reason: 'Could not load the sharp module'}},
      findings: [
        {
          level: 'error',
          problem: 'sharp, which reads images, does not load: Could not load the sharp module',
          fix: 'npm ci --include=optional',
        },
        {level: 'warning', problem: 'no TensorFlow engine is linked', fix: 'fewclip engine install'},
      ],
    });
  });
});
