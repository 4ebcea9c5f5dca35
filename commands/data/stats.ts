import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';
import {columnFlags} from '../../src/cli/column-flags.js';
import {statsText} from '../../src/cli/stats-text.js';

export default class DataStats extends BaseCommand {
  static override summary = 'Show what a set is like: captions, words, tokens, sizes, classes, splits.';

  static override description =
    'Counts all rows; of images the header is read, not the pixels. Charts are drawn with --out.';

  static override args = {
    set: Args.string({required: true, description: 'a set in any format; PATH#SPLIT takes one split'}),
  };

  static override examples = [
    '<%= config.bin %> <%= command.id %> pairs/',
    '<%= config.bin %> <%= command.id %> ucm.tar#train --out ucm.svg',
    '<%= config.bin %> <%= command.id %> pairs/ --model ViT-B-32/openai --out pairs.html --format json',
  ];

  static override flags = {
    split: Flags.string({description: 'one split of the set (default: all of it)'}),
    ...columnFlags,
    model: Flags.string({
      helpValue: 'REF',
      description: 'count tokens with the tokenizer of this model (default: estimate them)',
    }),
    images: Flags.integer({
      default: 20_000,
      min: 0,
      description: 'headers that are read at most, spread over the set',
    }),
    out: Flags.string({helpValue: 'FILE', description: 'also draw charts: a .svg, .png or .html file'}),
  };

  async run(): Promise<void> {
    const {flags, args} = await this.parse(DataStats);
    const {dataStats} = await import('../../src/app/data/stats.js');
    const request = {
      ...{set: args.set, split: flags.split, model: flags.model, images: flags.images, out: flags.out},
      keys: {image: flags['img-key'], caption: flags['caption-key']},
    };
    const report = await this.follow(dataStats(request));
    this.result(report, () => statsText(report));
  }
}
