import {BaseCommand} from '../../src/cli/base-command.js';
import {recipeArgument, settingFlag} from '../../src/cli/recipe-flags.js';

export default class RecipesShow extends BaseCommand {
  static override summary = 'Show a recipe as it is written, or with settings applied.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> remote-sensing-smoke',
    '<%= config.bin %> <%= command.id %> remote-sensing-published --set steps=20 > mine.yaml',
  ];

  static override args = {recipe: recipeArgument};

  static override flags = {set: settingFlag};

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RecipesShow);
    const {showRecipe} = await import('../../src/app/recipes.js');
    const shown = await showRecipe(args.recipe, flags.set);
    this.result(shown, () => shown.text.trimEnd());
    this.note(`from ${shown.path}`);
  }
}
