import {readdir} from 'node:fs/promises';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {packageRoot} from '../../src/support/package-root.js';

/** Files under test/ that are no tests, by folder or ending. */
const others = [/^(support|reference|golden|fixtures)\//, /\.(py|json|txt|md)$/, /^parity\/[^/]+\.js$/];
const tests = /^(src|contract|cli|bench)\/.*\.test\.tsx?$|^(data|slow|parity)\/[^/]+\.test\.ts$/;

describe('every file under test/', () => {
  it('is a test that some tier collects, or lies where helpers lie', async () => {
    const entries = await readdir(join(packageRoot(), 'test'), {recursive: true, withFileTypes: true});
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(packageRoot().length + '/test/'.length));
    const strays = files.filter((file) => !tests.test(file) && !others.some((other) => other.test(file)));
    expect(files.length).toBeGreaterThan(10);
    expect(strays).toEqual([]);
  });
});
