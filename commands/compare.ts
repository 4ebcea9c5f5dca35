import {Flags} from '@oclif/core';
import {BaseCommand} from '../src/cli/base-command.js';
import {comparisonRemarks, followComparison} from '../src/cli/follow-comparison.js';
import {recipeArgument, settingFlag} from '../src/cli/recipe-flags.js';

export default class Compare extends BaseCommand {
  static override summary = 'Run every method and seed of a recipe and print one table.';

  static override description =
    'All runs share the data, the order and the budget of the recipe. A run that is finished is not repeated and one ' +
    'that was cut off goes on, so the same command can be given again at any time. When a run fails on its own (its ' +
    'loss is not finite, its memory runs out) the others go on, and the exit code is 7.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> recipes/ucm-small.yaml --out runs/ucm-small',
    '<%= config.bin %> <%= command.id %> recipes/ucm-small.yaml --out runs/ucm-small --format json > table.json',
    '<%= config.bin %> <%= command.id %> emoji-methods --set select=last --out runs/last-weights',
  ];

  static override args = {
    recipe: recipeArgument,
  };

  static override flags = {
    out: Flags.string({required: true, helpValue: 'DIR', description: 'the folder of the runs'}),
    set: settingFlag,
  };

  async run(): Promise<void> {
    const {args, flags} = await this.parse(Compare);
    const {compare} = await import('../src/app/compare.js');
    const {comparisonText} = await import('../src/report/comparison-text.js');
    const note = (line: string) => this.note(line);
    const {comparison, exit} = await followComparison(
      compare(args.recipe, {out: flags.out, settings: flags.set, onNotice: note}),
      note,
    );
    if (comparison) {
      this.result(comparison, () =>
        [comparisonText(comparison), ...comparisonRemarks(comparison)].join('\n'),
      );
    }
    process.exitCode = exit;
  }
}
