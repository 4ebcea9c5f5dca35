import {readFile} from 'node:fs/promises';
import {basename, join} from 'node:path';
import {checkRequest} from '../recipe/check-request.js';
import {compareFigures, type ComparedFigure, type Expectation} from '../recipe/expectation.js';
import {expectationOf, recipeFaults, requestPart} from '../recipe/recipe-schema.js';
import type {Request} from '../recipe/request.js';
import type {ComparedRow} from '../report/comparison-table.js';
import {mean} from '../report/seed-interval.js';
import {UserError} from '../support/errors.js';
import type {Metrics} from './events.js';
import {openRecipe} from './open-recipe.js';
import {runFolder} from './training/run-folder.js';

/** A recipe that is ready to be run. */
export interface RecipeRun {
  readonly path: string;
  /** Where its runs go unless told otherwise. */
  readonly out: string;
  /** Undefined: it is a comparison. */
  readonly request: Request | undefined;
  readonly expectation: Expectation | undefined;
}

/**
 * Reads a recipe with settings and decides how it is run.
 * @throws UserError with every fault that it has
 */
export async function openRecipeRun(nameOrPath: string, settings: readonly string[]): Promise<RecipeRun> {
  const {path, content, where} = await openRecipe(nameOrPath, settings);
  const faults = recipeFaults(content, where);
  if (faults.length > 0) {
    throw new UserError(faults.join('; '), {tryThis: `fewclip recipes check ${nameOrPath}`});
  }
  const isComparison = content['compare'] !== undefined;
  return {
    path,
    out: join('runs', basename(path).replace(/\.ya?ml$/, '')),
    request: isComparison ? undefined : checkRequest(requestPart(content), where),
    expectation: expectationOf(content),
  };
}

/** The figures that a finished run was expected to reach. */
export async function figuresOfRun(expectation: Expectation, folder: string): Promise<ComparedFigure[]> {
  const result = JSON.parse(await readFile(runFolder(folder).result, 'utf8')) as {readonly after: Metrics};
  const measured = Object.entries(result.after).map(([name, {value}]) => [name, value] as const);
  return compareFigures(expectation, Object.fromEntries(measured));
}

/** The figures that a comparison was expected to reach, `LABEL/METRIC`, means over seeds. */
export function figuresOfComparison(
  expectation: Expectation,
  rows: readonly ComparedRow[],
): ComparedFigure[] {
  const measured = rows.flatMap(({label, values}) =>
    Object.entries(values).map(([name, of]) => [`${label}/${name}`, mean(of)] as const),
  );
  return compareFigures(expectation, Object.fromEntries(measured));
}
