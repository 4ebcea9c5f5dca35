import {readdirSync, readFileSync} from 'node:fs';
import {join} from 'node:path';
import {describe, expect, it} from 'vitest';
import {recipeNames} from '../../src/app/open-recipe.js';
import {showMethod} from '../../src/app/show-method.js';
import {checkRecipe, recipeSchemaText, recipeSummaries} from '../../src/app/recipes.js';
import {listDomains, loadDomain} from '../../src/data/load-domain.js';
import {listMethods} from '../../src/methods/contract/load-method.js';
import {packageRoot} from '../../src/support/package-root.js';
import {writeUntrainedClip} from '../support/untrained-clip.js';
import {temporaryFolder} from '../support/temporary-folder.js';

const names = await recipeNames();
const root = temporaryFolder();

describe.each(names)('recipe %s', (name) => {
  const text = readFileSync(join(packageRoot(), 'recipes', `${name}.yaml`), 'utf8');

  it('has no fault', async () => {
    expect((await checkRecipe(name, [])).faults).toEqual([]);
  });

  it('opens with the command that runs it and with what to expect', () => {
    const [command, blank, ...rest] = text.split('\n');
    expect(command).toMatch(new RegExp(`^# fewclip (recipes run|compare recipes/)\\s?${name}`));
    expect(blank).toBe('#');
    expect(rest.slice(0, 8).join(' ')).toMatch(/expect|minutes|hours?|seconds|Nothing is measured|figures/i);
  });
});

const studies = readdirSync(join(packageRoot(), 'recipes', 'study'));

describe.each(studies)('study %s', (file) => {
  const path = join(packageRoot(), 'recipes', 'study', file);

  it('has no fault', async () => {
    expect((await checkRecipe(path, [])).faults).toEqual([]);
  });

  it('says how it is run', () => {
    expect(readFileSync(path, 'utf8')).toContain(`# fewclip compare recipes/study/${file} --out runs/study/`);
  });
});

it('every domain of published sets has a published, a recommended, a small and a smoke recipe', async () => {
  for (const domain of await listDomains()) {
    if ((await loadDomain(domain)).sets === undefined) continue;
    const kinds = ['published', 'recommended', 'smoke'].map((kind) => `${domain}-${kind}`);
    const small = domain === 'remote-sensing' ? 'ucm-small' : `${domain}-small`;
    expect(names).toEqual(expect.arrayContaining([...kinds, small]));
  }
});

it('what is called published follows the published code in every choice', () => {
  for (const name of names.filter((one) => one.endsWith('-published'))) {
    const text = readFileSync(join(packageRoot(), 'recipes', `${name}.yaml`), 'utf8');
    for (const line of [
      'model: RN50/openai',
      'keywordMatching: exact',
      'augmentation: published',
      'select: last',
    ]) {
      expect(text.split('\n')).toContain(line);
    }
    expect(text).toContain('planGrad: through, keywordTarget: ratio');
  }
});

it('ucm-methods has an entry for every method', async () => {
  for (const name of await listMethods()) {
    const {recipes} = await showMethod(name);
    expect(recipes.length, name).toBeGreaterThan(0);
    expect(recipes[0]!.command).toContain('recipes run ucm-methods --set');
  }
});

it('a list of recipes tells what each is for', async () => {
  for (const {about} of await recipeSummaries()) expect(about).toMatch(/^[A-Z].*\.$/);
});

it('recipes/recipe.schema.json is the schema that recipes are checked with', () => {
  expect(readFileSync(join(packageRoot(), 'recipes', 'recipe.schema.json'), 'utf8')).toBe(recipeSchemaText());
});

it('assets/smoke-clip is the untrained CLIP of the tests', async () => {
  const made = await writeUntrainedClip(join(root, 'clip'));
  for (const file of ['config.json', 'model.safetensors', 'vocab.json', 'merges.txt']) {
    const kept = readFileSync(join(packageRoot(), 'assets', 'smoke-clip', file));
    expect(kept.equals(readFileSync(join(made, file)))).toBe(true);
  }
});
