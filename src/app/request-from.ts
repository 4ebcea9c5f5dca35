import {checkRequest} from '../recipe/check-request.js';
import {requestPart} from '../recipe/recipe-schema.js';
import type {Request} from '../recipe/request.js';
import {openRecipe} from './open-recipe.js';

/**
 * A request from a recipe, if one is named, and what was given beside it, which wins.
 * @param recipe a path, or the name of one of ours
 * @throws UserError naming every key that is wrong
 */
export async function requestFrom(
  recipe: string | undefined,
  given: Readonly<Record<string, unknown>>,
): Promise<Request> {
  if (recipe === undefined) return checkRequest(given, 'adapt');
  const opened = await openRecipe(recipe);
  const content = requestPart(opened.content);
  const params = {...(content['params'] as object | undefined), ...(given['params'] as object | undefined)};
  return checkRequest({...content, ...given, params}, (path) =>
    Object.hasOwn(given, path[0] ?? '') ? 'adapt' : opened.where(path),
  );
}
