import {mkdtempSync, rmSync} from 'node:fs';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {afterAll} from 'vitest';

/** A real folder for the tests of one file, removed when they have run. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fewclip-test-'));
  afterAll(() => rmSync(folder, {recursive: true, force: true}));
  return folder;
}
