import type {CheckedRecipe, RecipeSummary} from '../app/recipes.js';

/** A figure that a recipe expects, beside what came out. */
interface Figure {
  readonly name: string;
  readonly value: number;
  readonly tolerance: number;
  readonly got: number | undefined;
  readonly isMet: boolean;
}

/** One recipe a line: name, minutes, methods, what it is for. */
export function recipeListText(recipes: readonly RecipeSummary[]): string {
  const rows = recipes.map(({name, minutes, methods, about}) => [
    name,
    minutes === null ? '' : `${minutes} min`,
    methods.length > 2 ? `${methods.length} methods` : methods.join(', '),
    about,
  ]);
  const width = (column: number) => Math.max(0, ...rows.map((row) => row[column]!.length));
  const widths = [0, 1, 2].map(width);
  return rows
    .map((row) => row.map((cell, i) => (i < 3 ? cell.padEnd(widths[i]!) : cell)).join('  '))
    .join('\n');
}

/** What was found in recipes: one line a fault, one a recipe without any. */
export function recipeCheckText(checked: readonly CheckedRecipe[]): string {
  return checked
    .flatMap(({path, faults, missing}) => [
      ...(faults.length === 0 ? [`${path}: good`] : faults),
      ...missing.map((place) => `${path}: not on this machine: ${place}`),
    ])
    .join('\n');
}

/** One line a figure, in percent. */
export function figureText({name, value, tolerance, got, isMet}: Figure): string {
  const percent = (share: number) => (100 * share).toFixed(1);
  const measured = got === undefined ? 'nothing of that name' : `${percent(got)} %`;
  return `${isMet ? 'as expected' : 'not as expected'}: ${name}: ${percent(value)} ± ${percent(tolerance)} %, got ${measured}`;
}
