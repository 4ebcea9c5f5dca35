import {Flags} from '@oclif/core';
import type {RecipeRun} from '../../src/app/run-recipe.js';
import {BaseCommand} from '../../src/cli/base-command.js';
import {comparisonRemarks, followComparison} from '../../src/cli/follow-comparison.js';
import {followRun} from '../../src/cli/follow-run.js';
import {recipeArgument, settingFlag} from '../../src/cli/recipe-flags.js';
import {figureText} from '../../src/cli/recipe-text.js';
import {exitCodes} from '../../src/support/errors.js';

export default class RecipesRun extends BaseCommand {
  static override summary = 'Run a recipe: one run, or all methods and seeds of a comparison.';

  static override description =
    'What is finished is not run again and what was cut off goes on. When the recipe says which figures to expect, each is ' +
    'compared with what came out; the exit code is 7 when one is outside its tolerance.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> remote-sensing-smoke',
    '<%= config.bin %> <%= command.id %> remote-sensing-published --set captioned=data/rsicd --set seed=1 --out runs/rs-1',
  ];

  static override args = {recipe: recipeArgument};

  static override flags = {
    set: settingFlag,
    out: Flags.string({helpValue: 'DIR', description: 'the run folder (default: runs/RECIPE)'}),
  };

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RecipesRun);
    const {openRecipeRun} = await import('../../src/app/run-recipe.js');
    const recipe = await openRecipeRun(args.recipe, flags.set);
    const out = flags.out ?? recipe.out;
    process.exitCode = await (recipe.request === undefined
      ? this.comparison(recipe, out, flags.set)
      : this.single(recipe, out));
  }

  private async single(recipe: RecipeRun, out: string): Promise<number> {
    const {prepareRun, startRun} = await import('../../src/app/adapt.js');
    const {figuresOfRun} = await import('../../src/app/run-recipe.js');
    const options = {out, resume: true, onNotice: (message: string) => this.note(message)};
    const prepared = await prepareRun(recipe.request!, options);
    const printer = await this.runPrinter(() => import('../../src/ui/show-run.js'));
    const exit = await followRun(await startRun(prepared, options), printer, (line) => this.note(line));
    if (exit !== exitCodes.done || recipe.expectation === undefined) return exit;
    return this.judged(await figuresOfRun(recipe.expectation, out));
  }

  private async comparison({path, expectation}: RecipeRun, out: string, settings: readonly string[]) {
    const {compare} = await import('../../src/app/compare.js');
    const {figuresOfComparison} = await import('../../src/app/run-recipe.js');
    const {comparisonText} = await import('../../src/report/comparison-text.js');
    const note = (line: string) => this.note(line);
    const {comparison, exit} = await followComparison(compare(path, {out, settings, onNotice: note}), note);
    if (!comparison) return exit;
    this.result(comparison, () => [comparisonText(comparison), ...comparisonRemarks(comparison)].join('\n'));
    if (exit !== exitCodes.done || expectation === undefined) return exit;
    return this.judged(figuresOfComparison(expectation, comparison.rows));
  }

  /** Tells each figure; the exit code. */
  private judged(figures: readonly Parameters<typeof figureText>[0][]): number {
    for (const figure of figures) this.note(figureText(figure));
    return figures.every(({isMet}) => isMet) ? exitCodes.done : exitCodes.cells;
  }
}
