import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';
import {columnFlags} from '../../src/cli/column-flags.js';
import {numberFlag} from '../../src/cli/number-flag.js';
import {shardRowsFlag} from '../../src/cli/shard-rows-flag.js';
import {splitText} from '../../src/cli/written-set-text.js';

export default class DataSplit extends BaseCommand {
  static override summary = 'Split a set in two: a few images to learn from, and the rest.';

  static override description = [
    '--ratio takes a share of the images, by the permutation of S-CLIP for the seed, so that 0.1 of its sets with seed 0, 1 ' +
      'or 2 are its published subsets; --stratified takes the share of every class, at least one. --shots takes so many ' +
      'images of every class. --group-key keeps rows with the same value of a column together: views of one product, ' +
      'figures of one chapter.',
    'Without --to the result is a table (.jsonl) that names the images where they lie; with --to it is a folder with copies, ' +
      'in any format of data convert. adapt then takes --captioned OUT#labelled --unpaired OUT#unlabelled.',
  ].join('\n\n');

  static override args = {
    from: Args.string({
      required: true,
      description: 'a set in any format; PATH#SPLIT splits one split of it',
    }),
  };

  static override examples = [
    '<%= config.bin %> <%= command.id %> photos/ --shots 16 --seed 1 --out few.jsonl',
    '<%= config.bin %> <%= command.id %> ucm.tar#train --ratio 0.1 --to json-lines --out ucm-10/',
    '<%= config.bin %> <%= command.id %> shop.tar --ratio 0.8 --group-key product --names train,test --to pairs --out shop/',
  ];

  static override flags = {
    ratio: numberFlag({atLeast: 0, atMost: 1, description: 'the share that is chosen'}),
    shots: Flags.integer({min: 1, description: 'instead of --ratio: images of every class'}),
    stratified: Flags.boolean({description: 'take the share of every class by itself'}),
    'group-key': Flags.string({helpValue: 'COLUMN', description: 'keep rows with the same value together'}),
    seed: Flags.integer({min: 0, max: 0xffffffff, default: 0, description: 'decides the choice'}),
    names: Flags.string({
      default: 'labelled,unlabelled',
      helpValue: 'A,B',
      description: 'names of the chosen part and of the rest',
    }),
    to: Flags.string({helpValue: 'FORMAT', description: 'copy the images, in a format of data convert'}),
    out: Flags.string({
      required: true,
      helpValue: 'PATH',
      description: 'a new .jsonl table, or with --to a new folder',
    }),
    split: Flags.string({description: 'one split of the set (default: all of it)'}),
    ...columnFlags,
    ...shardRowsFlag,
  };

  async run(): Promise<void> {
    const {flags, args} = await this.parse(DataSplit);
    const {splitNames, splitSet} = await import('../../src/app/data/split.js');
    const request = {
      from: args.from,
      to: flags.to,
      out: flags.out,
      split: flags.split,
      ratio: flags.ratio,
      shots: flags.shots,
      stratified: flags.stratified,
      groupKey: flags['group-key'],
      seed: flags.seed,
      names: splitNames(flags.names),
      shardRows: flags['shard-rows'],
      keys: {image: flags['img-key'], caption: flags['caption-key']},
    };
    const report = await this.follow(splitSet(request));
    this.result(report, () => splitText(report));
  }
}
