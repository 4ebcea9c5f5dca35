import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';
import {columnFlags} from '../../src/cli/column-flags.js';
import {shardRowsFlag} from '../../src/cli/shard-rows-flag.js';
import {writtenSetText} from '../../src/cli/written-set-text.js';

export default class DataConvert extends BaseCommand {
  static override summary = 'Write a set of images in another format.';

  static override description = [
    'Reads whatever adapt reads and writes one of: csv, json-lines, imagefolder, pairs, open-clip, karpathy, coco, parquet, ' +
      'webdataset. Images are copied byte for byte, order, captions, classes and splits stay. The result is read again and ' +
      'compared before it gets its name; a run on it gives the same bits.',
    'Names of plain files are kept where they are safe on every disk and in the order of the rows; otherwise, and always for ' +
      'images from archives, they are numbers.',
  ].join('\n\n');

  static override args = {
    from: Args.string({
      required: true,
      description:
        'a folder, table, list, archive, parquet file, shards ({00000..00012}.tar, ::) or pattern; PATH#SPLIT',
    }),
  };

  static override examples = [
    '<%= config.bin %> <%= command.id %> pairs/ --to webdataset --out shards/',
    "<%= config.bin %> <%= command.id %> 'laion/{00000..00012}.tar' --to parquet --out parquet/",
    '<%= config.bin %> <%= command.id %> dataset.csv --img-key photo --caption-key alt --to json-lines --out set/',
    '<%= config.bin %> <%= command.id %> SciCap/ --source scicap --to webdataset --out scicap-shards/',
    '<%= config.bin %> <%= command.id %> rsicd/#train --to pairs --out rsicd-train/ --format json',
  ];

  static override flags = {
    to: Flags.string({required: true, helpValue: 'FORMAT', description: 'the format, see above'}),
    out: Flags.string({
      required: true,
      helpValue: 'DIR',
      description: 'a folder that is not there yet, or empty',
    }),
    source: Flags.string({
      helpValue: 'SET',
      description:
        'FROM is the folder of a published set as its authors hand it out: rsicd, fashion200k, polyvore or scicap',
    }),
    'skip-missing': Flags.boolean({
      dependsOn: ['source'],
      description: 'leave out images of a published set that are missing, and count them',
    }),
    'max-chars': Flags.integer({
      min: 1,
      description: 'cut captions to so many characters (S-CLIP: 77 for scicap)',
    }),
    split: Flags.string({description: 'one split of the set (default: all, each kept as such)'}),
    ...columnFlags,
    ...shardRowsFlag,
  };

  async run(): Promise<void> {
    const {flags, args} = await this.parse(DataConvert);
    const {convertSet} = await import('../../src/app/data/convert.js');
    const request = {
      ...flags,
      from: args.from,
      skipMissing: flags['skip-missing'],
      maxChars: flags['max-chars'],
      shardRows: flags['shard-rows'],
      keys: {image: flags['img-key'], caption: flags['caption-key']},
    };
    const written = await this.follow(convertSet(request));
    this.result(written, () => writtenSetText(written));
  }
}
