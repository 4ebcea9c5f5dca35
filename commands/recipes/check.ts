import {Args} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';
import {settingFlag} from '../../src/cli/recipe-flags.js';
import {recipeCheckText} from '../../src/cli/recipe-text.js';
import {exitCodes} from '../../src/support/errors.js';

export default class RecipesCheck extends BaseCommand {
  static override summary = 'Check recipes: all faults at once, nothing is made.';

  static override description =
    'Reads YAML, keys, values, methods with their parameters, domain and model, and names every fault with line and column. ' +
    'Data that is not on this machine is told, but is no fault.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> my-recipe.yaml',
    '<%= config.bin %> <%= command.id %> remote-sensing-published --set captioned=data/rsicd --format json',
  ];

  static override args = {
    recipe: Args.string({required: true, multiple: true, description: 'recipes by name, or files'}),
  };

  static override flags = {set: settingFlag};

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RecipesCheck);
    const {checkRecipe} = await import('../../src/app/recipes.js');
    const checked = await Promise.all(args.recipe.map((recipe) => checkRecipe(recipe, flags.set)));
    this.result(checked, () => recipeCheckText(checked));
    if (checked.some(({faults}) => faults.length > 0)) process.exitCode = exitCodes.usage;
  }
}
