import {describeMethod, type MethodDescription} from '../methods/contract/describe-method.js';
import {loadMethod} from '../methods/contract/load-method.js';
import {openRecipe} from './open-recipe.js';

export type {MethodDescription};

/** The recipe whose entries are the recipes of all methods. */
const recipeOfAll = 'ucm-methods';

/** All that there is to say about a method. */
export interface ShownMethod extends MethodDescription {
  /** Its entries in the recipe that compares all methods, as they are written; none for a method of your own. */
  readonly recipes: readonly {readonly entry: Readonly<Record<string, unknown>>; readonly command: string}[];
}

/**
 * All that a method says about itself, with sensible parameters and the command that runs them.
 * @throws UserError naming the known methods when there is none of that name
 */
export async function showMethod(name: string): Promise<ShownMethod> {
  const description = describeMethod(await loadMethod(name));
  const {content} = await openRecipe(recipeOfAll);
  const entries = (content['compare'] as {readonly methods: readonly unknown[]}).methods.map((entry) =>
    typeof entry === 'string' ? {name: entry} : (entry as Readonly<Record<string, unknown>>),
  );
  return {
    ...description,
    recipes: entries
      .filter((entry) => entry['name'] === name)
      .map((entry) => ({
        entry,
        command: `fewclip recipes run ${recipeOfAll} --set 'compare.methods=[${JSON.stringify(entry)}]'`,
      })),
  };
}
