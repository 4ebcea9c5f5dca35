import {BaseCommand} from '../../src/cli/base-command.js';
import {methodListText} from '../../src/cli/method-list-text.js';

export default class MethodsList extends BaseCommand {
  static override summary = 'List the adaptation methods.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --format json',
  ];

  async run(): Promise<void> {
    await this.parse(MethodsList);
    const {methodSummaries} = await import('../../src/app/list-methods.js');
    const methods = await methodSummaries();
    this.result(methods, () => methodListText(methods));
  }
}
