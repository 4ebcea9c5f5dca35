import {chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {
  installCommand,
  installTools,
  missingTools,
  requireTools,
  toolVersion,
} from '../../../../src/engine/install/required-tools.js';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fewclip-tools-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

/** A PATH with these programs alone, each a shell script. */
function path(name: string, programs: Readonly<Record<string, string>>): string {
  const where = join(folder, name);
  mkdirSync(where);
  for (const [program, script] of Object.entries(programs)) {
    writeFileSync(join(where, program), `#!/bin/sh\n${script}\n`);
    chmodSync(join(where, program), 0o755);
  }
  return where;
}

const asRoot = process.getuid?.() === 0 ? '' : 'sudo ';

describe('the tools of an installation', () => {
  it('are found by running them', async () => {
    const PATH = path('all', {
      python3: 'if [ "$2" = pip ]; then echo pip 23.2.1 from x; else echo Python 3.11.7; fi',
      'g++': 'echo "g++ (Debian 12.2.0-14) 12.2.0"',
    });
    expect(await missingTools(installTools, {PATH})).toEqual([]);
    expect(await toolVersion('python3', {PATH})).toBe('3.11.7');
    expect(await toolVersion('pip', {PATH})).toBe('23.2.1');
    expect(await toolVersion('g++', {PATH})).toBe('12.2.0');
  });

  it('count as missing when they do not run: python3 without pip', async () => {
    const PATH = path('no-pip', {python3: 'if [ "$2" = pip ]; then exit 1; else echo Python 3.11.7; fi'});
    expect(await missingTools(installTools, {PATH})).toEqual(['pip', 'g++']);
    await expect(requireTools(['python3', 'pip'], {PATH})).rejects.toMatchObject({
      message: 'engine install: expected python3, pip on this machine, got no pip',
      tryThis: `${asRoot}apt-get install -y python3-pip`,
      exit: 4,
    });
  });

  it('include the compiler that CXX names', async () => {
    const PATH = path('clang', {'clang++': 'echo clang version 15.0.6'});
    expect(await missingTools(['g++'], {PATH, CXX: 'clang++'})).toEqual([]);
    expect(await missingTools(['g++'], {PATH})).toEqual(['g++']);
  });
});

describe('the command that installs what is missing', () => {
  it.each([
    ['apt-get', 'apt-get install -y python3-pip g++'],
    ['dnf', 'dnf install -y python3-pip gcc-c++'],
    ['zypper', 'zypper install -y python3-pip gcc-c++'],
    ['pacman', 'pacman -S --noconfirm python-pip gcc'],
  ])('speaks to %s', (manager, command) => {
    const PATH = path(`with-${manager}`, {[manager]: 'exit 0'});
    expect(installCommand(['pip', 'g++'], {PATH})).toBe(`${asRoot}${command}`);
  });
});
