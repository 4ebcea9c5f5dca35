import {BaseCommand} from '../../src/cli/base-command.js';

export default class RecipesSchema extends BaseCommand {
  static override summary = 'Print the JSON Schema of recipes, for editors.';

  static override examples = ['<%= config.bin %> <%= command.id %> > recipe.schema.json'];

  async run(): Promise<void> {
    await this.parse(RecipesSchema);
    const {recipeSchemaText} = await import('../../src/app/recipes.js');
    this.print(recipeSchemaText().trimEnd());
  }
}
