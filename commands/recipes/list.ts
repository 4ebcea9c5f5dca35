import {BaseCommand} from '../../src/cli/base-command.js';
import {recipeListText} from '../../src/cli/recipe-text.js';

export default class RecipesList extends BaseCommand {
  static override summary = 'List the recipes that come with fewclip.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --format json',
  ];

  async run(): Promise<void> {
    await this.parse(RecipesList);
    const {recipeSummaries} = await import('../../src/app/recipes.js');
    const recipes = await recipeSummaries();
    this.result(recipes, () => recipeListText(recipes));
  }
}
