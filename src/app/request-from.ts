import {dirname, isAbsolute, join} from 'node:path';
import {domainOf} from '../data/domain-data.js';
import {classNameReference} from '../data/keywords/class-names.js';
import {checkRequest} from '../recipe/check-request.js';
import {loadRecipe} from '../recipe/load-recipe.js';
import type {Request} from '../recipe/request.js';

/** Keys of a request that name files. In a recipe they are relative to the recipe. */
const pathKeys = ['captioned', 'unpaired', 'keywords'] as const;

/**
 * A request from a recipe, if one is named, and what was given beside it, which wins.
 * @throws UserError naming every key that is wrong
 */
export async function requestFrom(
  recipePath: string | undefined,
  given: Readonly<Record<string, unknown>>,
): Promise<Request> {
  if (recipePath === undefined) return checkRequest(given, 'adapt');
  const recipe = await loadRecipe(recipePath);
  const {compare: _compare, ...content} = relativeTo(dirname(recipePath), recipe.content);
  const params = {...(content['params'] as object | undefined), ...(given['params'] as object | undefined)};
  return checkRequest({...content, ...given, params}, recipePath);
}

/** The content of a recipe with its paths made relative to the working folder. */
export function relativeTo(
  folder: string,
  content: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const placed = (value: unknown) => {
    const isRelative = typeof value === 'string' && !isAbsolute(value) && isPath(value);
    return isRelative ? join(folder, value) : value;
  };
  const model = content['model'];
  return {
    ...content,
    ...Object.fromEntries(pathKeys.flatMap((key) => (key in content ? [[key, placed(content[key])]] : []))),
    ...(typeof model === 'string' && /^\.{1,2}\//.test(model) && {model: placed(model)}),
    ...(Array.isArray(content['evaluate']) && {evaluate: content['evaluate'].map(placed)}),
  };
}

/** Data that a domain makes, and the names of its classes, lie in no folder. */
function isPath(value: string): boolean {
  return domainOf(value) === null && classNameReference(value) === null;
}
