import {existsSync} from 'node:fs';
import {readFile} from 'node:fs/promises';
import {join} from 'node:path';
import {domainOf} from '../data/domain-data.js';
import {loadDomain} from '../data/load-domain.js';
import {listMethods, loadMethod} from '../methods/contract/load-method.js';
import {parseModelReference} from '../model/model-reference.js';
import {faultsOf} from '../recipe/check-request.js';
import {recipeFaults, recipeJsonSchema, recipeSchema} from '../recipe/recipe-schema.js';
import {defaultMethod} from '../recipe/request.js';
import {applySettings} from '../recipe/settings.js';
import {writeFileAtomically} from '../support/atomic-file.js';
import {UserError} from '../support/errors.js';
import {knownNames} from '../support/nearest-name.js';
import {yamlText} from '../support/yaml-document.js';
import {dataReference} from './data-reference.js';
import {openRecipe, recipeNames, type OpenedRecipe} from './open-recipe.js';

/** What a list tells of a recipe. */
export interface RecipeSummary {
  readonly name: string;
  readonly about: string;
  readonly domain: string | null;
  readonly model: string;
  /** The methods that it runs. */
  readonly methods: readonly string[];
  /** Expected minutes; null: it does not say. */
  readonly minutes: number | null;
}

/** All recipes that come with the program, by name. */
export async function recipeSummaries(): Promise<RecipeSummary[]> {
  return Promise.all(
    (await recipeNames()).map(async (name) => {
      const {content} = await openRecipe(name);
      const {about, domain, model, method, compare, expect} = recipeSchema.parse(content);
      return {
        name,
        about: about ?? '',
        domain: domain ?? null,
        model,
        methods: compare?.methods.map((entry) => entry.label ?? entry.name) ?? [method],
        minutes: expect?.minutes ?? null,
      };
    }),
  );
}

/** A recipe as it is written, and its content with settings applied. */
export async function showRecipe(
  nameOrPath: string,
  settings: readonly string[],
): Promise<{
  readonly path: string;
  readonly text: string;
  readonly content: Readonly<Record<string, unknown>>;
}> {
  const {path, content} = await openRecipe(nameOrPath, settings);
  const text = settings.length === 0 ? await readFile(path, 'utf8') : yamlText(content);
  return {path, text, content};
}

/** What is wrong with a recipe, and what it names that is not on this machine. */
export interface CheckedRecipe {
  readonly path: string;
  readonly faults: readonly string[];
  /** Data that is not there: no fault of the recipe. */
  readonly missing: readonly string[];
}

/**
 * Checks a recipe without making or training anything: YAML, keys, values, methods and their parameters, domain and model.
 * All faults are found at once.
 */
export async function checkRecipe(nameOrPath: string, settings: readonly string[]): Promise<CheckedRecipe> {
  let recipe: OpenedRecipe;
  try {
    recipe = await openRecipe(nameOrPath, settings);
  } catch (error) {
    return {path: nameOrPath, faults: [messageOf(error)], missing: []};
  }
  const faults = [
    ...recipeFaults(recipe.content, recipe.where),
    ...(await domainFaults(recipe)),
    ...(await modelFaults(recipe)),
    ...(await methodFaults(recipe)),
  ];
  return {path: recipe.path, faults: inOrder(faults), missing: missingData(recipe)};
}

/**
 * Writes a recipe from settings.
 * @throws UserError with all faults of what it would hold, or when the file is there already
 */
export async function initRecipe(file: string, settings: readonly string[]): Promise<void> {
  if (!/\.ya?ml$/.test(file)) throw new UserError(`${file}: expected a file name with .yaml, got ${file}`);
  if (existsSync(file)) {
    throw new UserError(`${file}: expected no such file yet, got one`, {tryThis: 'choose another name'});
  }
  const {content, settingAt} = applySettings({}, settings);
  const faults = recipeFaults(content, (path) => settingAt(path) ?? file);
  if (faults.length > 0) throw new UserError(faults.join('; '));
  await writeFileAtomically(file, `# fewclip recipes run ${file}\n${yamlText(content)}`);
}

/** By line and column; those of settings last. */
function inOrder(faults: readonly string[]): string[] {
  const key = (fault: string) => {
    const [, line = '1e9', column = '0'] = /:(\d+):(\d+): /.exec(fault) ?? [];
    return 1e4 * Number(line) + Number(column);
  };
  return [...faults].sort((a, b) => key(a) - key(b));
}

/** The JSON Schema of recipes as text: recipes/recipe.schema.json. */
export function recipeSchemaText(): string {
  return `${JSON.stringify(recipeJsonSchema(), null, 2)}\n`;
}

async function domainFaults({content, where}: OpenedRecipe): Promise<string[]> {
  const {domain} = content;
  if (typeof domain !== 'string') return [];
  return faultOf(() => loadDomain(domain), where(['domain']));
}

async function modelFaults({content, where}: OpenedRecipe): Promise<string[]> {
  const {model} = content;
  if (typeof model !== 'string' || /^[./]/.test(model)) return [];
  return faultOf(() => parseModelReference(model), where(['model']));
}

async function faultOf(load: () => Promise<unknown>, place: string): Promise<string[]> {
  try {
    await load();
    return [];
  } catch (error) {
    return [`${place}: ${messageOf(error)}`];
  }
}

/** Unknown methods, and parameters that a method does not know or take. */
async function methodFaults({content, where}: OpenedRecipe): Promise<string[]> {
  const known = await listMethods();
  const faults = methodsOf(content).map(async ({at, name, params, paramsAt}): Promise<string[]> => {
    if (typeof name !== 'string') return [];
    if (!known.includes(name)) {
      return [`${where(at)}: expected a known method, got ${name} (${knownNames(name, known)})`];
    }
    const schema = (await loadMethod(name)).params;
    const parsed = schema.safeParse(params ?? {}, {reportInput: true});
    if (parsed.success) return [];
    return faultsOf(
      parsed.error,
      (path) => where([...paramsAt, ...path]),
      (path) => (path.length === 0 ? Object.keys(schema.shape) : []),
    );
  });
  return (await Promise.all(faults)).flat();
}

interface NamedMethod {
  readonly name: unknown;
  readonly params: unknown;
  /** Where the name and the parameters stand. */
  readonly at: readonly PropertyKey[];
  readonly paramsAt: readonly PropertyKey[];
}

/** Every method that a recipe names, whatever the form. */
function methodsOf(content: Readonly<Record<string, unknown>>): NamedMethod[] {
  const entry = (value: unknown, at: readonly PropertyKey[]): NamedMethod => {
    if (typeof value === 'string') return {name: value, params: {}, at, paramsAt: at};
    const {name, params} = (value ?? {}) as {readonly name?: unknown; readonly params?: unknown};
    return {name, params, at: [...at, 'name'], paramsAt: [...at, 'params']};
  };
  const list = (value: unknown, at: readonly PropertyKey[]) =>
    Array.isArray(value) ? value.map((item, i) => entry(item, [...at, i])) : [];
  const compare = content['compare'] as {readonly methods?: unknown} | undefined;
  const main = {
    name: content['method'] ?? defaultMethod,
    params: content['params'],
    at: ['method'],
    paramsAt: ['params'],
  };
  return [main, ...list(content['with'], ['with']), ...list(compare?.methods, ['compare', 'methods'])];
}

/** Sets and folders that the recipe names and this machine does not have. */
function missingData({content}: OpenedRecipe): string[] {
  const {captioned, unpaired, evaluate, model} = content;
  const sets = [captioned, unpaired, ...(Array.isArray(evaluate) ? (evaluate as unknown[]) : [])];
  const paths = sets
    .filter((set): set is string => typeof set === 'string' && domainOf(set) === null)
    .map((set) => dataReference(set).path.replace(/\?(?:img|caption)-key=.*$/s, ''))
    .filter((path) => !/[*{]|::/.test(path));
  const folders = typeof model === 'string' && /^[./]/.test(model) ? [join(model)] : [];
  return [...new Set([...paths, ...folders])].filter((path) => !existsSync(path));
}

function messageOf(error: unknown): string {
  if (error instanceof UserError) return error.message;
  throw error;
}
