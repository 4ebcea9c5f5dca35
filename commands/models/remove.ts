import {Args} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';
import {formatBytes} from '../../src/support/format-bytes.js';

export default class ModelsRemove extends BaseCommand {
  static override summary =
    'Remove a model from the shared cache: all of its repository, or one revision of it.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> ViT-B-32/openai',
    '<%= config.bin %> <%= command.id %> hf:owner/name@v1.0',
  ];

  static override args = {
    reference: Args.string({required: true, description: 'a reference of `models list`'}),
  };

  async run(): Promise<void> {
    const {args} = await this.parse(ModelsRemove);
    const {removeModel} = await import('../../src/app/remove-model.js');
    const result = await removeModel(args.reference);
    this.result(
      result,
      () => `removed ${result.reference} (${formatBytes(result.bytes)}) from ${result.folder}`,
    );
  }
}
