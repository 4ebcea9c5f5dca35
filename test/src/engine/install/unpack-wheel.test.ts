import {existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterEach, beforeEach, describe, expect, it} from 'vitest';
import {globPattern, placeInEngine, unpackWheel} from '../../../../src/engine/install/unpack-wheel.js';
import {makeZip, type ZipEntry} from '../../../support/make-zip.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fewclip-unpack-'));
  path = join(folder, 'a.whl');
});
afterEach(() => rmSync(folder, {recursive: true}));

const large = Buffer.alloc(300_000, 'TensorFlow ');
const entries: ZipEntry[] = [
  {name: 'tensorflow/libtensorflow_cc.so.2', data: large},
  {name: 'tensorflow/include/tensorflow/c/eager/c_api.h', data: '// header'},
  {name: 'nvidia/cuda_nvcc/bin/ptxas', data: '#!', mode: 0o777},
  {name: 'tensorflow/include/tensorflow/c/', data: ''},
];
const everything = ['**'];

function unpack(take: readonly string[], onBytes: (done: number, total: number) => void = () => undefined) {
  return unpackWheel(path, {
    into: join(folder, 'engine'),
    take,
    signal: new AbortController().signal,
    onBytes,
  });
}

describe('unpacking a wheel', () => {
  it('takes what the globs select, to its place, and reports its size', async () => {
    await makeZip(path, entries);
    const progress: [number, number][] = [];
    const sizes = await unpack(['tensorflow/lib*.so.2', 'tensorflow/include/tensorflow/c/**.h'], (...both) =>
      progress.push(both),
    );
    expect(sizes).toEqual({'lib/libtensorflow_cc.so.2': 300_000, 'include/tensorflow/c/eager/c_api.h': 9});
    expect(readFileSync(join(folder, 'engine/lib/libtensorflow_cc.so.2')).equals(large)).toBe(true);
    expect(existsSync(join(folder, 'engine/nvidia'))).toBe(false);
    expect(progress.at(-1)).toEqual([300_009, 300_009]);
  });

  it('keeps executables executable, and lets nobody else write', async () => {
    await makeZip(path, entries);
    await unpack(everything);
    expect(statSync(join(folder, 'engine/nvidia/cuda_nvcc/bin/ptxas')).mode & 0o777).toBe(0o755);
    expect(statSync(join(folder, 'engine/lib/libtensorflow_cc.so.2')).mode & 0o777).toBe(0o644);
  });

  it('refuses a wheel that lacks what is needed', async () => {
    await makeZip(path, entries);
    await expect(unpack(['**', 'tensorflow/libtensorflow_framework.so.2'])).rejects.toThrow(
      `${path}: expected tensorflow/libtensorflow_framework.so.2 in the wheel, got nothing of that name`,
    );
  });

  it('notices a wrong checksum', async () => {
    await makeZip(path, entries);
    const bytes = readFileSync(path);
    // the CRC of the first entry, in the central directory
    const directory = bytes.indexOf('PK\u0001\u0002');
    bytes.writeUInt32LE(1, directory + 16);
    writeFileSync(path, bytes);
    await expect(unpack(everything)).rejects.toThrow(
      `${path}: expected a whole wheel, got a damaged one (wrong checksum of tensorflow/libtensorflow_cc.so.2)`,
    );
  });

  it.each([0.3, 0.6, 0.9, 0.999])('refuses the first %f of a wheel', async (part) => {
    await makeZip(path, entries);
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.subarray(0, Math.floor(part * bytes.length)));
    await expect(unpack(everything)).rejects.toMatchObject({
      message: expect.stringMatching(/: expected a whole wheel, got a damaged one \(/) as unknown,
      exit: 4,
    });
  });

  it('refuses damaged content', async () => {
    await makeZip(path, entries);
    const bytes = readFileSync(path);
    bytes.fill(0xff, 80, 200);
    writeFileSync(path, bytes);
    await expect(unpack(everything)).rejects.toThrow(/expected a whole wheel, got a damaged one/);
  });

  it.each(['../evil.so', '/etc/evil.so', 'nvidia/../../evil.so', 'a\\..\\evil.so'])(
    'never writes outside its folder: %s',
    async (name) => {
      await makeZip(path, [{name, data: 'evil'}]);
      await unpack(everything).catch(() => undefined);
      expect(existsSync(join(folder, 'evil.so'))).toBe(false);
      expect(existsSync('/etc/evil.so')).toBe(false);
      expect(existsSync(join(folder, '../evil.so'))).toBe(false);
    },
  );
});

describe('a glob', () => {
  it('stays within a segment with one star and does not with two; a dot is a dot', () => {
    expect(globPattern('a/*.so.2').test('a/b.so.2')).toBe(true);
    expect(globPattern('a/*.so.2').test('a/b/c.so.2')).toBe(false);
    expect(globPattern('a/*.so.2').test('a/bxsox2')).toBe(false);
    expect(globPattern('a/**.h').test('a/b/c.h')).toBe(true);
    expect(globPattern('a/**.h').test('ba/b/c.h')).toBe(false);
  });
});

describe('the place of a file', () => {
  it('is lib for libraries of TensorFlow, include for its headers, and unchanged for nvidia', () => {
    expect(placeInEngine('tensorflow/libtensorflow_cc.so.2')).toBe('lib/libtensorflow_cc.so.2');
    expect(placeInEngine('tensorflow/include/tsl/platform/ctstring.h')).toBe(
      'include/tsl/platform/ctstring.h',
    );
    expect(placeInEngine('nvidia/cudnn/lib/libcudnn.so.9')).toBe('nvidia/cudnn/lib/libcudnn.so.9');
  });
});
