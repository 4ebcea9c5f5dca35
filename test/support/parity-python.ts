import {spawnSync} from 'node:child_process';
import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {fileURLToPath} from 'node:url';
import type {HostArray, HostArrays} from '../../src/engine/step.js';
import {openSafetensors} from '../../src/model/safetensors.js';
import {environmentPython} from './python-environment.js';

/** Runs a script of test/parity in the environment that `npm run test:parity` makes; throws with what it printed. */
export function runParityScript(script: string, ...args: readonly string[]): string {
  const python = environmentPython();
  const path = fileURLToPath(new URL(`../parity/${script}`, import.meta.url));
  const {status, error, stdout, stderr} = spawnSync(python, [path, ...args], {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (error)
    throw new Error(
      `${script}: expected Python at ${python} (npm run test:parity makes it): ${error.message}`,
    );
  if (status !== 0)
    throw new Error(`${script} ${args.join(' ')} ended with ${status}:\n${stderr.slice(-4000)}`);
  return stdout;
}

/** Calls `use` with an empty folder that is removed behind it. */
export async function inTemporaryFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'fewclip-parity-'));
  try {
    await use(folder);
  } finally {
    rmSync(folder, {recursive: true, force: true});
  }
}

/** All tensors of a safetensors file. */
export async function readTensors(path: string): Promise<HostArrays> {
  const reader = await openSafetensors(path);
  const entries: [string, HostArray][] = [];
  for (const name of reader.names()) entries.push([name, await reader.read(name)]);
  await reader.close();
  return Object.fromEntries(entries);
}
