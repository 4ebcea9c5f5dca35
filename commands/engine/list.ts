import {BaseCommand} from '../../src/cli/base-command.js';
import {engineListText} from '../../src/cli/engine-list-text.js';

export default class EngineList extends BaseCommand {
  static override summary = 'List the TensorFlow engines in the user cache, and which one is linked.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --format json',
  ];

  async run(): Promise<void> {
    await this.parse(EngineList);
    const {listEngines} = await import('../../src/app/list-engines.js');
    const list = await listEngines();
    this.result(list, () => engineListText(list));
  }
}
