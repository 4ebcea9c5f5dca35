import {Args} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';
import {answersTo, type Question} from '../../src/cli/questions.js';
import {settingFlag} from '../../src/cli/recipe-flags.js';

/** What every recipe needs; asked for where it is not set. */
const questions: readonly Question[] = [
  {flag: 'about', text: 'What is the recipe for, in one sentence?'},
  {flag: 'domain', text: 'Domain (a name or a file):', usual: 'remote-sensing'},
  {flag: 'model', text: 'Model (a folder, hf:owner/name, or a name):', usual: 'ViT-B-32/openai'},
  {flag: 'captioned', text: 'Captioned images (a path):'},
  {flag: 'method', text: 'Method:', usual: 's-clip'},
];

export default class RecipesInit extends BaseCommand {
  static override summary = 'Write a recipe of your own.';

  static override description =
    'Asks for what every recipe needs, or takes it by --set; anything else that a recipe may hold can be set too. Paths in a ' +
    'recipe are relative to its file.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> mine.yaml',
    '<%= config.bin %> <%= command.id %> mine.yaml --set about="Birds, few captions." --set domain=./birds.yaml --set captioned=pairs/ --set steps=200',
  ];

  static override args = {file: Args.string({required: true, description: 'the file to write'})};

  static override flags = {set: settingFlag};

  async run(): Promise<void> {
    const {args, flags} = await this.parse(RecipesInit);
    const given = new Set(flags.set.map((setting) => setting.split('=')[0]!.trim()));
    const open = questions
      .filter(({flag}) => !given.has(flag))
      .map((one) => ({...one, flag: `set ${one.flag}`}));
    const answers = await answersTo(open, {isTerminal: process.stdin.isTTY === true});
    const settings = Object.entries(answers).map(([flag, answer]) => {
      return `${flag.slice('set '.length)}=${JSON.stringify(answer)}`;
    });
    const {initRecipe} = await import('../../src/app/recipes.js');
    await initRecipe(args.file, [...settings, ...flags.set]);
    this.result({file: args.file}, () => `wrote ${args.file}: fewclip recipes run ${args.file}`);
  }
}
