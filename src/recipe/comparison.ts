import {UserError} from '../support/errors.js';
import {checkRequest, describeFaults} from './check-request.js';
import {comparisonSchema} from './comparison-schema.js';
import type {Recipe} from './load-recipe.js';
import {requestPart} from './recipe-schema.js';
import type {Request} from './request.js';

/** One run of a comparison: a method with its parameters, and a seed. */
export interface Cell {
  readonly label: string;
  readonly request: Request;
}

/**
 * The runs that a recipe's `compare` section asks for, method by method, all with the same data and budget.
 * @throws UserError naming every key that is wrong
 */
export function comparisonCells(recipe: Recipe): readonly Cell[] {
  const {compare} = recipe.content;
  const shared = requestPart(recipe.content);
  if (compare === undefined) {
    throw new UserError(`${recipe.path}: expected a compare section with methods and seeds, got none`);
  }
  const parsed = comparisonSchema.safeParse(compare, {reportInput: true});
  if (!parsed.success) {
    throw new UserError(
      describeFaults(parsed.error, `${recipe.path}: compare`, Object.keys(comparisonSchema.shape)),
    );
  }
  const methods = parsed.data.methods.map((entry) => ({...entry, label: entry.label ?? entry.name}));
  checkDistinct(
    methods.map(({label}) => label),
    `${recipe.path}: compare: methods`,
  );
  checkDistinct(parsed.data.seeds.map(String), `${recipe.path}: compare: seeds`);
  return methods.flatMap(({name, label, ...own}) => {
    return parsed.data.seeds.map((seed) => ({
      label,
      request: checkRequest({...shared, ...own, method: name, seed}, recipe.path),
    }));
  });
}

/** Each run has a folder of its own, named by label and seed. */
function checkDistinct(values: readonly string[], where: string): void {
  const twice = values.find((value, i) => values.indexOf(value) !== i);
  if (twice !== undefined) {
    throw new UserError(`${where}: expected each only once, got ${twice} twice`, {
      tryThis: 'for a method with other parameters: {name: ..., label: ANOTHER, params: {...}}',
    });
  }
}
