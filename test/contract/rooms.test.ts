import {execFile} from 'node:child_process';
import {rm, writeFile} from 'node:fs/promises';
import {join} from 'node:path';
import {promisify} from 'node:util';
import {afterEach, describe, expect, it} from 'vitest';
import {packageRoot} from '../../src/support/package-root.js';

const run = promisify(execFile);
const root = packageRoot();
const planted: string[] = [];

async function plant(path: string, text: string): Promise<void> {
  planted.push(join(root, path));
  await writeFile(join(root, path), text);
}

async function violations(...folders: string[]): Promise<string> {
  const tool = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruise.mjs');
  const options = ['--config', join(root, '.dependency-cruiser.cjs'), '--output-type', 'err', ...folders];
  try {
    await run(process.execPath, [tool, ...options], {cwd: root});
    return '';
  } catch (error) {
    return (error as {stdout: string}).stdout;
  }
}

afterEach(async () => {
  for (const path of planted.splice(0)) await rm(path, {force: true});
});

describe('the rules of the rooms', () => {
  it('catch an import upward, a cycle, oclif outside its rooms and labels outside evaluation', async () => {
    await plant('src/support/planted-upward.ts', "export {planHash} from '../recipe/plan.js';\n");
    await plant('src/ui/planted-oclif.ts', "export {Command} from '@oclif/core';\n");
    await plant('src/recipe/planted-a.ts', "import {b} from './planted-b.js';\nexport const a = () => b;\n");
    await plant('src/recipe/planted-b.ts', "import {a} from './planted-a.js';\nexport const b = () => a;\n");
    await plant('src/data/planted-labels.ts', "export {openLabelled} from './labels.js';\n");
    await plant('src/losses/planted-backend.ts', "export * from '@tensorflow/tfjs-backend-cpu';\n");
    const found = await violations('src');
    expect(found).toMatch(/room-src-support: src\/support\/planted-upward\.ts/);
    expect(found).toMatch(/cli-imports-oclif: src\/ui\/planted-oclif\.ts/);
    expect(found).toMatch(/no-cycle: src\/recipe\/planted-[ab]\.ts/);
    expect(found).toMatch(/class-readers-read-labels: src\/data\/planted-labels\.ts/);
    expect(found).toMatch(/engine-names-backends: src\/losses\/planted-backend\.ts/);
  });
});
