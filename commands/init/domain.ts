import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';
import {answersTo, listed, type Question} from '../../src/cli/questions.js';

export default class InitDomain extends BaseCommand {
  static override summary = 'Write a domain file of your own.';

  static override description =
    'Asks what a domain is made of, or takes it from flags, and writes one file for --domain. Classes can be read off a ' +
    'labelled set, keywords made from captions. The file is plain YAML or TypeScript, to be changed by hand later.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> ./birds.yaml',
    '<%= config.bin %> <%= command.id %> ./birds.yaml --summary "Photos of garden birds." --data test-images/ --captions pairs/ --template "a photo of a {}, a bird." --mirror --licence "our own photos"',
    '<%= config.bin %> <%= command.id %> ./birds.ts --summary "Garden birds." --class robin --class "greattit=great tit" --keyword wing --keyword beak --licence own',
  ];

  static override args = {
    file: Args.string({required: true, description: 'the file to write: NAME.yaml or NAME.ts'}),
  };

  static override flags = {
    summary: Flags.string({description: 'one sentence: what the images show'}),
    class: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'LABEL[=NAME]',
      description:
        'a class, with its readable name where the data has another label; may be given several times',
    }),
    data: Flags.string({helpValue: 'PATH', description: 'a labelled set whose labels are the classes'}),
    template: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'TEXT',
      description: 'a prompt with {} for the class name; may be given several times',
    }),
    keyword: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'WORD',
      description: 'a keyword; may be given several times',
    }),
    captions: Flags.string({helpValue: 'PATH', description: 'a captioned set to make keywords from'}),
    mirror: Flags.boolean({allowNo: true, description: 'mirrored images show the same'}),
    licence: Flags.string({description: 'where the data comes from and what its licence allows'}),
    reference: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'TEXT',
      description: 'a paper or page about the data; may be given several times',
    }),
  };

  async run(): Promise<void> {
    const {flags, args} = await this.parse(InitDomain);
    const answers = await answersTo(openQuestions(flags), {isTerminal: process.stdin.isTTY === true});
    const {initDomain} = await import('../../src/app/init-domain.js');
    const classes = answers['class'];
    const keywords = answers['keyword'];
    const domain = await initDomain({
      file: args.file,
      summary: flags.summary ?? answers['summary']!,
      classes: flags.class ?? (classes === undefined || isPath(classes) ? [] : listed(classes)),
      data: flags.data ?? classes,
      templates: flags.template ?? listed(answers['template']!),
      keywords: flags.keyword ?? (keywords === undefined || isPath(keywords) ? [] : listed(keywords)),
      captions: flags.captions ?? keywords,
      mirror: flags.mirror ?? answers['mirror'] === 'yes',
      licence: flags.licence ?? answers['licence']!,
      references: flags.reference ?? [],
    });
    const count = Object.keys(domain.classSets['classes']!.names).length;
    this.result(
      domain,
      () =>
        `wrote ${args.file}: ${count} classes, ${domain.templates.length} templates, ${domain.keywords.length} keywords`,
    );
  }
}

/** What is asked for each flag that was not given. */
function openQuestions(flags: Readonly<Record<string, unknown>>): Question[] {
  const questions: Question[] = [
    {flag: 'summary', text: 'What do the images show, in one sentence?'},
    {flag: 'class', text: 'Classes (a, b=readable name, ...), or the path of a labelled set:'},
    {flag: 'template', text: 'Prompts with {} for the class, parted by commas:', usual: 'a photo of a {}.'},
    {flag: 'keyword', text: 'Keywords parted by commas, or the path of a captioned set:'},
    {flag: 'mirror', text: 'Does a mirrored image show the same (yes or no)?', usual: 'no'},
    {flag: 'licence', text: 'Where does the data come from, and what does its licence allow?'},
  ];
  const answeredBy: Readonly<Record<string, string>> = {class: 'data', keyword: 'captions'};
  return questions.filter(
    ({flag}) => flags[flag] === undefined && flags[answeredBy[flag] ?? flag] === undefined,
  );
}

/** A path has a slash, or an ending; words of a list have neither. */
function isPath(answer: string): boolean {
  return !answer.includes(',') && /[/\\]|\.\w+$/.test(answer);
}
