import {existsSync} from 'node:fs';
import {readdir} from 'node:fs/promises';
import {dirname, isAbsolute, join} from 'node:path';
import {domainOf} from '../data/domain-data.js';
import {classNameReference} from '../data/keywords/class-names.js';
import {loadRecipe, type Recipe} from '../recipe/load-recipe.js';
import {applySettings} from '../recipe/settings.js';
import {UserError} from '../support/errors.js';
import {knownNames} from '../support/nearest-name.js';
import {packageRoot} from '../support/package-root.js';

/** Keys of a request that name files. In a recipe they are relative to the recipe. */
const pathKeys = ['captioned', 'unpaired', 'keywords'] as const;

/** Keys that name a file only when they begin with a dot. */
const dottedKeys = ['model', 'domain'] as const;

/** Keys below which parameters of methods are, some of which name files: those that begin with a dot. */
const parameterKeys = ['params', 'with', 'compare'] as const;

/** A recipe with its paths made relative to the working folder and settings applied. */
export interface OpenedRecipe extends Recipe {
  /** `file:line:column` of an entry, or the setting that decides it. */
  readonly where: (path: readonly PropertyKey[]) => string;
}

/** Names of the recipes that come with the program, sorted. */
export async function recipeNames(): Promise<string[]> {
  const files = await readdir(recipesFolder());
  return files.flatMap((file) => /^(.+)\.yaml$/.exec(file)?.[1] ?? []).sort();
}

/**
 * The file of a recipe: a path as it is, or one of ours by name.
 * @throws UserError naming the known recipes when it is neither
 */
export async function recipePath(nameOrPath: string): Promise<string> {
  if (/[/\\]|\.ya?ml$/.test(nameOrPath) || existsSync(nameOrPath)) return nameOrPath;
  const known = await recipeNames();
  if (known.includes(nameOrPath)) return join(recipesFolder(), `${nameOrPath}.yaml`);
  throw new UserError(
    `recipe: expected a file or a known recipe, got ${nameOrPath} (${knownNames(nameOrPath, known)})`,
  );
}

/**
 * Reads a recipe by name or path. Paths in the file are relative to it, paths in settings to the working folder.
 * @throws UserError when it cannot be read or a setting is wrong
 */
export async function openRecipe(
  nameOrPath: string,
  settings: readonly string[] = [],
): Promise<OpenedRecipe> {
  const path = await recipePath(nameOrPath);
  const recipe = await loadRecipe(path);
  const {content, settingAt} = applySettings(relativeTo(dirname(path), recipe.content), settings);
  const place = (entry: readonly PropertyKey[]) => `${path}:${recipe.placeOf?.(entry) ?? '1:1'}`;
  return {...recipe, content, where: (entry) => settingAt(entry) ?? place(entry)};
}

/** The content of a recipe with its paths made relative to the working folder. */
function relativeTo(
  folder: string,
  content: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const placed = (value: unknown) => {
    const isRelative = typeof value === 'string' && !isAbsolute(value) && isPath(value);
    return isRelative ? join(folder, value) : value;
  };
  const dotted = (value: unknown) => (/^\.{1,2}\//.test(String(value)) ? placed(value) : value);
  const present = (keys: readonly string[]) => keys.filter((key) => Object.hasOwn(content, key));
  return {
    ...content,
    ...Object.fromEntries(present(pathKeys).map((key) => [key, placed(content[key])])),
    ...Object.fromEntries(present(dottedKeys).map((key) => [key, dotted(content[key])])),
    ...Object.fromEntries(
      present(parameterKeys).map((key) => [key, withParameters(content[key], dotted, key === 'params')]),
    ),
    ...(Array.isArray(content['evaluate']) && {evaluate: content['evaluate'].map(placed)}),
  };
}

/** A value with the texts below every key `params` changed, however deep. */
function withParameters(value: unknown, change: (text: string) => unknown, isBelow = false): unknown {
  if (typeof value === 'string') return isBelow ? change(value) : value;
  if (Array.isArray(value)) return value.map((one) => withParameters(one, change, isBelow));
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).map(([key, one]) => [
    key,
    withParameters(one, change, isBelow || key === 'params'),
  ]);
  return Object.fromEntries(entries);
}

/** Data that a domain makes, and the names of its classes, lie in no folder. */
function isPath(value: string): boolean {
  return domainOf(value) === null && classNameReference(value) === null;
}

function recipesFolder(): string {
  return join(packageRoot(), 'recipes');
}
