import {writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {loadClassHead, saveClassHead, type ClassHead} from '../../../src/model/class-head.js';
import {writeSafetensors} from '../../../src/model/safetensors.js';
import {exitCodes} from '../../../src/support/errors.js';
import {temporaryFolder} from '../../support/temporary-folder.js';

const root = temporaryFolder();

const head: ClassHead = {
  method: 'linear-probe',
  labels: ['a', 'b'],
  names: ['apple', 'bee'],
  weights: {shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, 6)},
  bias: {shape: [2], data: Float32Array.of(7, 8)},
};
const cache = {
  keys: {shape: [4, 3], data: new Float32Array(12).fill(0.5)},
  values: {shape: [4, 2], data: new Float32Array(8).fill(1)},
  alpha: 1.5,
  beta: 5.5,
};

describe('a class head', () => {
  it.each([
    ['without a cache', head],
    ['with one', {...head, cache}],
  ])('is what was saved, %s', async (_name, saved) => {
    await saveClassHead(root, saved);
    expect(await loadClassHead(root)).toEqual(saved);
  });

  it('is nothing where there is none', async () => {
    expect(await loadClassHead(join(root, 'nowhere'))).toBeUndefined();
  });

  it('is refused in one sentence when the file is another', async () => {
    const path = join(root, 'class-head.safetensors');
    await writeSafetensors(path, [{name: 'x', value: () => head.bias}]);
    await expect(loadClassHead(root)).rejects.toMatchObject({
      message: `${path}: expected a class head, got another content`,
      exit: exitCodes.data,
    });
    await writeFile(path, 'no tensors');
    await expect(loadClassHead(root)).rejects.toMatchObject({exit: exitCodes.data});
  });

  it('is refused when classes and weights do not fit', async () => {
    await saveClassHead(root, {...head, labels: ['a', 'b', 'c'], names: ['a', 'b', 'c']});
    await expect(loadClassHead(root)).rejects.toThrow(
      /: expected weights of shape \[3, any\], got \[2, 3\]$/,
    );
  });
});
