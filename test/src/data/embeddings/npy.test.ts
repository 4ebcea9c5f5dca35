import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {npyBlocks, writeNpy, type NpyBlock} from '../../../../src/data/embeddings/npy.js';
import {exitCodes} from '../../../../src/support/errors.js';
import {expectClose} from '../../../support/expect-close.js';
import {temporaryFolder} from '../../../support/temporary-folder.js';

const root = temporaryFolder();
const values = Float32Array.from([1, -2.5, 0, 0.1, 65_504, 2 ** -14]);

async function blocks(path: string, options?: Parameters<typeof npyBlocks>[1]): Promise<NpyBlock[]> {
  const found: NpyBlock[] = [];
  for await (const block of npyBlocks(path, options)) found.push(block);
  return found;
}

/** A file as NumPy writes it: version 1.0, the header filled with spaces to 128 bytes. */
function numpyFile(name: string, about: string, numbers: Uint8Array): string {
  const prelude = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]);
  const path = join(root, name);
  writeFileSync(path, Buffer.concat([prelude, Buffer.from(`${about.padEnd(117)}\n`), numbers]));
  return path;
}

const header = (code: string, shape: string, fortran = 'False') =>
  `{'descr': '${code}', 'fortran_order': ${fortran}, 'shape': ${shape}, }`;

describe('writeNpy', () => {
  it('writes byte for byte what NumPy does', async () => {
    const path = join(root, 'ours.npy');
    await writeNpy(path, values, {dim: 3, dtype: 'float32'});
    const theirs = numpyFile('theirs.npy', header('<f4', '(2, 3)'), new Uint8Array(values.buffer));
    expect(readFileSync(path)).toEqual(readFileSync(theirs));
  });

  it('rounds to half precision, and reads it back', async () => {
    const path = join(root, 'half.npy');
    await writeNpy(path, values, {dim: 2, dtype: 'float16'});
    const [{values: read} = {values: []}] = await blocks(path);
    expectClose(read, [1, -2.5, 0, 0.1, 65_504, 2 ** -14], {relative: 2 ** -11, absolute: 1e-12});
    expect(readFileSync(path)).toHaveLength(128 + 12);
  });

  it('refuses numbers that are none', async () => {
    const broken = Float32Array.from([1, NaN]);
    await expect(writeNpy(join(root, 'nan.npy'), broken, {dim: 2, dtype: 'float16'})).rejects.toMatchObject({
      exit: exitCodes.numerical,
    });
  });
});

describe('npyBlocks', () => {
  it('gives all rows in order, however few fit in a block', async () => {
    const path = join(root, 'blocks.npy');
    const many = Float32Array.from({length: 7 * 4}, (_, i) => i);
    await writeNpy(path, many, {dim: 4, dtype: 'float32'});
    for (const blockBytes of [1, 16, 48, 10_000]) {
      const found = await blocks(path, {blockBytes});
      expect(found.flatMap(({values: own}) => [...own])).toEqual([...many]);
      let row = 0;
      for (const {start, values: own} of found) {
        expect(start).toBe(row);
        row += own.length / 4;
      }
    }
  });

  it('reads a matrix without rows, and headers of version 2', async () => {
    expect(await blocks(numpyFile('none.npy', header('<f2', '(0, 512)'), new Uint8Array()))).toEqual([]);
    const about = Buffer.from(`${header('<f4', '(1, 2)')}\n`);
    const prelude = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 2, 0, about.length, 0, 0, 0]);
    const path = join(root, 'second.npy');
    writeFileSync(path, Buffer.concat([prelude, about, new Uint8Array(Float32Array.of(3, 4).buffer)]));
    expect([...(await blocks(path))[0]!.values]).toEqual([3, 4]);
  });

  it.each([
    ['another file', Buffer.from('not a matrix at all'), 'expected a .npy file, got another file'],
    [header('<f8', '(1, 2)'), new Uint8Array(16), 'expected numbers of type <f2 or <f4, got <f8'],
    [header('<f4', '(2, 2)', 'True'), new Uint8Array(16), 'expected a matrix in rows, got one in columns'],
    [header('<f4', '(4,)'), new Uint8Array(16), 'expected a matrix, got the shape (4)'],
    [header('<f4', '(3, 2)'), new Uint8Array(16), 'expected 152 bytes for 3 rows of 2, got 144'],
  ])('refuses %s', async (about, numbers, message) => {
    const path = numpyFile('bad.npy', about, numbers);
    if (about === 'another file') writeFileSync(path, numbers);
    await expect(blocks(path)).rejects.toThrow(`${path}: ${message}`);
  });

  it('refuses rows of another width', async () => {
    const path = numpyFile('wide.npy', header('<f4', '(1, 2)'), new Uint8Array(8));
    await expect(blocks(path, {dim: 512})).rejects.toThrow(`${path}: expected rows of 512 numbers, got 2`);
  });
});
