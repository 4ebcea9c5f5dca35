import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';
import {setsToCheck} from '../../src/cli/check-flags.js';
import {checkText} from '../../src/cli/check-text.js';
import {columnFlags} from '../../src/cli/column-flags.js';
import {numberFlag} from '../../src/cli/number-flag.js';
import {exitCodes} from '../../src/support/errors.js';

export default class DataCheck extends BaseCommand {
  static override summary = 'Find what is wrong with the images and captions of sets, before training.';

  static override description = [
    'Reads and decodes every image and changes nothing. Missing, damaged, huge and foreign files, images without a caption, ' +
      'captions in another encoding and test images that are also learnt from are bad; what else is remarkable (duplicates, ' +
      'near-duplicates, small images, odd formats, captions that will be cut off) is told and does not count. Exit code 3 when ' +
      'there are more bad rows than --max-bad.',
    'Give the sets as adapt gets them, so that images which stand in two of them are found.',
  ].join('\n\n');

  static override args = {
    set: Args.string({description: 'a set in any format, whatever it is for; PATH#SPLIT'}),
  };

  static override examples = [
    '<%= config.bin %> <%= command.id %> photos/',
    '<%= config.bin %> <%= command.id %> --captioned pairs/ --unpaired photos/ --evaluate test/ --max-bad 1%',
    '<%= config.bin %> <%= command.id %> --captioned ucm.tar#train --evaluate ucm.tar#val --format json',
    '<%= config.bin %> <%= command.id %> photos/ --bad missing,corrupt,truncated,tiny --min-side 64 --out problems.jsonl',
  ];

  static override flags = {
    captioned: Flags.string({helpValue: 'PATH', description: 'captioned images to learn from'}),
    unpaired: Flags.string({helpValue: 'PATH', description: 'uncaptioned images to learn from'}),
    evaluate: Flags.string({
      helpValue: 'PATH',
      multiple: true,
      multipleNonGreedy: true,
      description: 'a set to measure on; may be given several times',
    }),
    split: Flags.string({description: 'the split of SET and --captioned'}),
    ...columnFlags,
    'max-bad': Flags.string({default: '0', helpValue: 'N|N%', description: 'bad rows that are borne'}),
    bad: Flags.string({
      helpValue: 'KIND,...',
      description: 'which problems are bad, by the names in the report (default: see docs/data.md)',
    }),
    'max-megapixels': numberFlag({
      default: 25,
      atLeast: 0.001,
      atMost: 1000,
      description: 'images with more million pixels are huge and not decoded',
    }),
    'min-side': Flags.integer({default: 32, min: 1, description: 'images with a smaller side are tiny'}),
    decode: Flags.boolean({
      allowNo: true,
      default: true,
      description: 'decode every image; without it only headers are read',
    }),
    near: Flags.boolean({allowNo: true, default: true, description: 'look for near-duplicates'}),
    model: Flags.string({
      helpValue: 'REF',
      description: 'count tokens with the tokenizer of this model (default: estimate them)',
    }),
    list: Flags.integer({default: 1000, min: 0, description: 'problems in the report, at most'}),
    out: Flags.string({helpValue: 'FILE', description: 'write all problems to a .jsonl file'}),
  };

  async run(): Promise<void> {
    const {flags, args} = await this.parse(DataCheck);
    const sets = setsToCheck(args.set, flags);
    const {checkData} = await import('../../src/app/data/check.js');
    const {problemTexts} = await import('../../src/app/data/problem-texts.js');
    const request = {
      sets,
      maxBad: flags['max-bad'],
      bad: flags.bad?.split(',').map((kind) => kind.trim()),
      look: {
        mostPixels: flags['max-megapixels'] * 1e6,
        leastSide: flags['min-side'],
        decode: flags.decode,
      },
      near: flags.near,
      model: flags.model,
      listed: flags.list,
      out: flags.out,
    };
    const report = await this.follow(checkData(request));
    this.result(report, () => checkText(report, problemTexts));
    if (report.bad.isAbove) process.exitCode = exitCodes.data;
  }
}
