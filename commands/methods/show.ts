import {Args} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';
import {methodText} from '../../src/cli/method-text.js';

export default class MethodsShow extends BaseCommand {
  static override summary = 'Show a method: its objective written out, its parameters, its paper.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> s-clip',
    '<%= config.bin %> <%= command.id %> s-clip --format json',
  ];

  static override args = {
    name: Args.string({required: true, description: 'a method, see fewclip methods list'}),
  };

  async run(): Promise<void> {
    const {args} = await this.parse(MethodsShow);
    const {showMethod} = await import('../../src/app/show-method.js');
    const method = await showMethod(args.name);
    this.result(method, () => methodText(method));
  }
}
