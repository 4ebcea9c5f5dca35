import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';
import {cleanText} from '../../src/cli/clean-text.js';
import {columnFlags} from '../../src/cli/column-flags.js';
import {shardRowsFlag} from '../../src/cli/shard-rows-flag.js';

export default class DataClean extends BaseCommand {
  static override summary = 'Write a set without what filters leave out, and with tidier captions.';

  static override description = [
    'Filters, each with its usual threshold: short-side=200 and aspect=3 (images), language=en and repeated=10 (captions), ' +
      'names=person (a word in place of the names of persons), tidy (mark-up, web addresses, blanks), duplicates (equal files). ' +
      '--filip is the first five, the rules of FILIP.',
    'Nothing is deleted: without --out the filters are only counted, with --out LIST.jsonl a table names the images that are ' +
      'kept where they lie, with --to FORMAT --out FOLDER they are copied.',
  ].join('\n\n');

  static override args = {
    from: Args.string({
      required: true,
      description: 'a set in any format; PATH#SPLIT takes one split of it',
    }),
  };

  static override examples = [
    '<%= config.bin %> <%= command.id %> pairs/ --filip',
    '<%= config.bin %> <%= command.id %> pairs/ --filter tidy --filter short-side=64 --out kept.jsonl',
    '<%= config.bin %> <%= command.id %> shop.tar --filip --filter short-side=100 --to webdataset --out shop-clean/',
  ];

  static override flags = {
    filter: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME[=VALUE]',
      description: 'a filter by name, with its threshold; may be given several times',
    }),
    filip: Flags.boolean({description: 'all rules of FILIP; --filter changes their thresholds'}),
    to: Flags.string({helpValue: 'FORMAT', description: 'copy the images, in a format of data convert'}),
    out: Flags.string({helpValue: 'PATH', description: 'a new .jsonl table, or with --to a new folder'}),
    split: Flags.string({description: 'one split of the set (default: all of it)'}),
    ...columnFlags,
    ...shardRowsFlag,
  };

  async run(): Promise<void> {
    const {flags, args} = await this.parse(DataClean);
    const {cleanSet} = await import('../../src/app/data/clean.js');
    const request = {
      ...{from: args.from, split: flags.split, to: flags.to, out: flags.out, filip: flags.filip},
      filters: flags.filter ?? [],
      shardRows: flags['shard-rows'],
      keys: {image: flags['img-key'], caption: flags['caption-key']},
    };
    const report = await this.follow(cleanSet(request));
    this.result(report, () => cleanText(report));
  }
}
