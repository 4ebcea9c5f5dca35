import {createHash} from 'node:crypto';
import {mkdtempSync, rmSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll, beforeAll, describe, expect, it} from 'vitest';
import {recogniseWheel} from '../../../../src/engine/install/wheel-sources.js';
import type {EngineKind, WheelSet} from '../../../../src/engine/install/wheels.js';

const content = 'the pinned wheel';
const sha256 = createHash('sha256').update(content).digest('hex');
const pinned = {
  file: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
  bytes: content.length,
  sha256,
  unpackedBytes: 1,
  take: ['**'],
};
const other = {
  ...pinned,
  file: 'tensorflow-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
  sha256: '0'.repeat(64),
};
const sets: Record<EngineKind, WheelSet> = {
  cpu: {kind: 'cpu', wheels: [pinned]},
  cuda: {kind: 'cuda', wheels: [other]},
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fewclip-wheels-'));
});
afterAll(() => rmSync(folder, {recursive: true}));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}

describe('a wheel that a person gives', () => {
  it('is known by its hash, whatever it is called', async () => {
    const path = file('renamed.bin', content);
    expect(await recogniseWheel(path, {sets, force: false})).toMatchObject({
      path,
      kind: 'cpu',
      wheel: pinned,
      pinned: true,
    });
  });

  it('with another hash is refused, and taken with force when project and version fit', async () => {
    const path = file('tensorflow_cpu-2.21.0-cp312-cp312-linux_x86_64.whl', 'built at home');
    const hash = createHash('sha256').update('built at home').digest('hex');
    await expect(recogniseWheel(path, {sets, force: false})).rejects.toMatchObject({
      message: `--wheel: expected ${path} to have the SHA-256 ${sha256}, got ${hash}`,
      tryThis: 'fetch it again, or add --force if you built it yourself and trust it',
      exit: 4,
    });
    expect(await recogniseWheel(path, {sets, force: true})).toMatchObject({
      wheel: pinned,
      pinned: false,
      sha256: hash,
    });
  });

  it.each([
    'tensorflow_cpu-2.20.0-cp311-cp311-manylinux_2_27_x86_64.whl',
    'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_aarch64.whl',
    'torch-2.9.1-cp311-cp311-manylinux_2_28_x86_64.whl',
    'photo.jpg',
  ])('is refused even with force when it is %s', async (name) => {
    await expect(recogniseWheel(file(name, 'something else'), {sets, force: true})).rejects.toMatchObject({
      message: expect.stringContaining(
        `--wheel: expected ${pinned.file} or ${other.file}, got ${name} with the`,
      ) as unknown,
      exit: 4,
    });
  });

  it('must be a file', async () => {
    await expect(recogniseWheel(join(folder, 'nothing.whl'), {sets, force: true})).rejects.toMatchObject({
      message: `--wheel: expected a file, got ${join(folder, 'nothing.whl')}`,
      exit: 2,
    });
    await expect(recogniseWheel(folder, {sets, force: true})).rejects.toThrow(/expected a file/);
  });
});
