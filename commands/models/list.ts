import {Flags} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';
import {knownModelsText, modelListText} from '../../src/cli/models-text.js';

export default class ModelsList extends BaseCommand {
  static override summary =
    'List the CLIPs in the shared cache, with size and revision, or the names that can be pulled.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --known',
    '<%= config.bin %> <%= command.id %> --format json',
  ];

  static override flags = {
    known: Flags.boolean({
      description: 'the published models that are known by name; those in the cache are marked',
    }),
  };

  async run(): Promise<void> {
    const {flags} = await this.parse(ModelsList);
    const {listKnownModels, listModels} = await import('../../src/app/list-models.js');
    if (flags.known) {
      const names = await listKnownModels();
      this.result(names, () => knownModelsText(names));
    } else {
      const list = await listModels();
      this.result(list, () => modelListText(list));
    }
  }
}
