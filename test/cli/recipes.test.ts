import {readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {recipeNames} from '../../src/app/open-recipe.js';
import type {CheckedRecipe, RecipeSummary} from '../../src/app/recipes.js';
import {exitCodes} from '../../src/support/errors.js';
import {runFewclip} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';

const root = temporaryFolder();
const smoke = (await recipeNames()).filter((name) => name.endsWith('-smoke'));

describe('recipes run', () => {
  it.each(smoke)('%s walks the whole way', async (name) => {
    const out = join(root, name);
    const {exit, stderr} = await runFewclip(['recipes', 'run', name, '--out', out, '--set', 'engine=wasm']);
    expect([exit, stderr]).toEqual([exitCodes.done, expect.not.stringContaining('Error')]);
    const result = JSON.parse(readFileSync(join(out, 'result.json'), 'utf8')) as Record<string, unknown>;
    expect(result).toMatchObject({
      domain: name.replace(/-smoke$/, ''),
      steps: 4,
      keywords: {matching: 'words', vocabulary: 'own'},
    });
  });

  it('ends with 7 when a figure is not as expected', async () => {
    const {exit, stderr} = await runFewclip([
      ...['recipes', 'run', smoke[0]!, '--out', join(root, smoke[0]!), '--set', 'engine=wasm'],
      ...['--set', 'expect={minutes: 1, figures: {acc: {value: 0.5, tolerance: 0.1}}}'],
    ]);
    expect(exit).toBe(exitCodes.cells);
    expect(stderr).toContain('not as expected: acc: 50.0 ± 10.0 %, got nothing of that name');
  });
});

it('recipes list and check print JSON alone; a fault ends with 2', async () => {
  const list = await runFewclip(['recipes', 'list', '--format', 'json']);
  expect((JSON.parse(list.stdout) as RecipeSummary[]).map(({name}) => name)).toEqual(await recipeNames());
  const check = await runFewclip(['recipes', 'check', smoke[0]!, '--set', 'stpes=1', '--format', 'json']);
  expect(check.exit).toBe(exitCodes.usage);
  expect((JSON.parse(check.stdout) as CheckedRecipe[])[0]!.faults).toEqual([
    '--set stpes: expected a known key, got stpes (did you mean steps?)',
  ]);
});
