import {readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {beforeAll, describe, expect, it} from 'vitest';
import type {RunEvent} from '../../src/app/events.js';
import {packageRoot} from '../../src/support/package-root.js';
import {runFewclip} from '../support/run-fewclip.js';
import {sandboxClone} from '../support/sandbox-clone.js';
import {temporaryFolder} from '../support/temporary-folder.js';
import {writeUntrainedClip} from '../support/untrained-clip.js';

const root = temporaryFolder();
const clone = join(root, 'clone');

/** The file that the walk in CONTRIBUTING.md writes. */
function walkedFile(): {readonly name: string; readonly source: string} {
  const page = readFileSync(join(packageRoot(), 'CONTRIBUTING.md'), 'utf8');
  const [, name, source] = /One file, `src\/methods\/(\w+)\.ts`:\n\n```ts\n(.*?)```/s.exec(page)!;
  return {name: name!, source: source!};
}

const {name, source} = walkedFile();

beforeAll(() => {
  sandboxClone(clone, {});
  writeFileSync(join(clone, 'src', 'methods', `${name}.ts`), source);
});

describe('a method is one file: the walk of CONTRIBUTING.md in a copy of the sources', () => {
  it('makes it a method of the list, described by itself', async () => {
    const {exit, stdout} = await runFewclip(['methods', 'show', name, '--format', 'json'], {root: clone});
    expect(exit).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({name, objective: 'contrastive + pullWeight * pull'});
  });

  it('trains beside another', async () => {
    const model = join(root, 'model');
    await writeUntrainedClip(model);
    const methods = ['--method', 'clip', '--with', `${name}:0.5`];
    const rest = ['--smoke', '--engine', 'cpu', '--format', 'json', '--out', join(root, 'run')];
    const args = ['adapt', '--domain', 'toy', '--model', model, ...methods, ...rest];
    const {exit, stdout} = await runFewclip(args, {root: clone});
    expect(exit).toBe(0);
    const events = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as RunEvent);
    const terms = events.flatMap((event) => (event.type === 'step' ? [Object.keys(event.terms)] : []));
    expect(terms).toEqual([
      ['contrastive', 'pull.pull'],
      ['contrastive', 'pull.pull'],
    ]);
  });
});
