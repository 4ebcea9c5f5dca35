import {Args} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';
import {modelInfoText} from '../../src/cli/models-text.js';

export default class ModelsInfo extends BaseCommand {
  static override summary =
    'Describe a model: architecture, parameters, dtype, layout, tokens, files and licence.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> runs/first/model',
    '<%= config.bin %> <%= command.id %> ViT-B-32/openai --format json',
  ];

  static override args = {
    reference: Args.string({required: true, description: 'a folder, or a model that is pulled'}),
  };

  async run(): Promise<void> {
    const {args} = await this.parse(ModelsInfo);
    const {modelInfo} = await import('../../src/app/model-info.js');
    const info = await modelInfo(args.reference);
    this.result(info, () => modelInfoText(info));
  }
}
