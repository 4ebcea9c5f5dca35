import {mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {writeCommandManifest} from '../../../src/cli/command-manifest.js';
import {packageRoot} from '../../../src/support/package-root.js';

let root: string;
beforeEach(() => {
  root = join(mkdtempSync(join(tmpdir(), 'fewclip-manifest-')), 'clone');
  mkdirSync(root);
  for (const name of ['package.json', 'dist', 'node_modules']) {
    symlinkSync(join(packageRoot(), name), join(root, name));
  }
});
afterEach(() => rmSync(join(root, '..'), {recursive: true}));

interface Manifest {
  readonly version: string;
  readonly commands: Readonly<
    Record<string, {readonly summary?: string; readonly examples?: readonly string[]}>
  >;
}

describe('writeCommandManifest', () => {
  it('lists every command with its summary and examples, and no place of this machine', async () => {
    await writeCommandManifest(root);
    const text = readFileSync(join(root, 'oclif.manifest.json'), 'utf8');
    const {commands, version} = JSON.parse(text) as Manifest;
    const sources = readdirSync(join(packageRoot(), 'commands'), {recursive: true, encoding: 'utf8'});
    const ids = sources
      .filter((name) => name.endsWith('.ts'))
      .map((name) => name.slice(0, -3).replaceAll('/', ':'));
    expect(Object.keys(commands).sort()).toEqual(ids.sort());
    for (const {summary, examples} of Object.values(commands)) {
      expect(summary).toBeTruthy();
      expect(examples?.length).toBeGreaterThan(0);
    }
    expect(text).not.toContain(packageRoot());
    expect(version).toBe((JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest).version);
  });
});
