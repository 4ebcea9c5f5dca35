import {mkdtemp, writeFile} from 'node:fs/promises';
import {tmpdir} from 'node:os';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {comparisonCells} from '../../../src/recipe/comparison.js';
import {loadRecipe} from '../../../src/recipe/load-recipe.js';

async function written(text: string): Promise<string> {
  const path = join(await mkdtemp(join(tmpdir(), 'fewclip-recipe-')), 'r.yaml');
  await writeFile(path, text);
  return path;
}

describe('loadRecipe', () => {
  it('names line and column of broken YAML', async () => {
    const path = await written('model: a\nsteps: [1, 2\nbatch: 3\n');
    await expect(loadRecipe(path)).rejects.toThrow(new RegExp(`^${path}:\\d+:\\d+: expected YAML, got `));
  });

  it('refuses a key given twice', async () => {
    const path = await written('model: a\nmodel: b\n');
    await expect(loadRecipe(path)).rejects.toThrow(`${path}:2:1: expected YAML, got Map keys must be unique`);
  });

  it.each([
    ['', 'got nothing'],
    ['- a\n', 'got object'],
    ['just text\n', 'got string'],
  ])('refuses %j', async (text, got) => {
    await expect(loadRecipe(await written(text))).rejects.toThrow(`expected a mapping of keys, ${got}`);
  });

  it('says so when the file is not there', async () => {
    await expect(loadRecipe('/nowhere/r.yaml')).rejects.toThrow(
      '/nowhere/r.yaml: expected a recipe file, got ENOENT',
    );
  });
});

describe('comparisonCells', () => {
  it('crosses methods with seeds and keeps the shared request', async () => {
    const path = await written(
      'model: m\nsteps: 7\ncompare:\n  methods: [clip, {name: s-clip, label: soft, params: {transport: soft}}]\n  seeds: [0, 3]\n',
    );
    const cells = comparisonCells(await loadRecipe(path));
    expect(cells.map(({label, request}) => [label, request.method, request.seed, request.params])).toEqual([
      ['clip', 'clip', 0, {}],
      ['clip', 'clip', 3, {}],
      ['soft', 's-clip', 0, {transport: 'soft'}],
      ['soft', 's-clip', 3, {transport: 'soft'}],
    ]);
    expect(cells.every(({request}) => request.steps === 7)).toBe(true);
  });

  it('names what is wrong', async () => {
    const none = await loadRecipe(await written('model: m\n'));
    expect(() => comparisonCells(none)).toThrow(
      'expected a compare section with methods and seeds, got none',
    );
    const wrong = await loadRecipe(await written('model: m\ncompare: {methods: [], sedes: [1]}\n'));
    expect(() => comparisonCells(wrong)).toThrow('got sedes (did you mean seeds?)');
  });
});
