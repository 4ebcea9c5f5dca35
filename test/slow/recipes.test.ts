import {existsSync, readFileSync, writeFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {openRecipe, recipeNames} from '../../src/app/open-recipe.js';
import {packageRoot} from '../../src/support/package-root.js';
import {withRow} from '../support/results-table.js';
import {runFewclip} from '../support/run-fewclip.js';
import {temporaryFolder} from '../support/temporary-folder.js';

/** The page whose table keeps what the last run of each recipe gave. */
const page = join(packageRoot(), 'docs', 'results.md');
const small = (await recipeNames()).filter((name) => name.endsWith('-small'));
const root = temporaryFolder();
const hours = 3_600_000;

interface Result {
  readonly before: Readonly<Record<string, {readonly value: number}>>;
  readonly after: Readonly<Record<string, {readonly value: number}>>;
}

describe.each(small)('recipe %s', (name) => {
  it(
    'runs to its end with the figures that it expects',
    async () => {
      const {content} = await openRecipe(name);
      // one seed of a comparison: its figures are means over three, with a tolerance that holds for each
      const settings = content['compare'] === undefined ? [] : ['--set', 'compare.seeds=[0]'];
      const out = join(root, name);
      const started = performance.now();
      const {exit, stderr} = await runFewclip(['recipes', 'run', name, '--out', out, ...settings]);
      const minutes = (performance.now() - started) / 60_000;
      const figures = stderr.split('\n').filter((line) => /^(not )?as expected: /.test(line));
      expect({exit, figures: figures.filter((line) => line.startsWith('not'))}).toEqual({
        exit: 0,
        figures: [],
      });
      const row = [minutes.toFixed(1), measured(out, figures)];
      writeFileSync(page, withRow(readFileSync(page, 'utf8'), name, row));
    },
    6 * hours,
  );
});

/** What came out, before and after training; of a comparison the figures that were expected. */
function measured(out: string, figures: readonly string[]): string {
  const file = join(out, 'result.json');
  if (!existsSync(file)) return figures.map((line) => line.replace('as expected: ', '')).join('; ');
  const {before, after} = JSON.parse(readFileSync(file, 'utf8')) as Result;
  const percent = (value: number) => (100 * value).toFixed(1);
  const told = Object.entries(after).map(
    ([name, {value}]) => `${name} ${percent(before[name]!.value)} to ${percent(value)} %`,
  );
  return told.length === 0 ? 'nothing is measured' : told.join('; ');
}
