import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';
import {columnFlags, withColumns} from '../../src/cli/column-flags.js';
import {numberFlag} from '../../src/cli/number-flag.js';

export default class PseudoShow extends BaseCommand {
  static override summary =
    'Explain the pseudo-labels of images: which captions they get, how much, and why.';

  static override description = [
    'S-CLIP gives each uncaptioned image of a batch a share of every caption in the batch. This computes such a batch ' +
      'exactly (float64) and shows the rows of the images you name: the captions with their weights, how evenly the ' +
      'weight is spread, the nearest captioned image, and the keyword targets.',
    'The columns are the captioned images (a sample of --batch, by default all, at most 512). The rows are the images you ' +
      'name, filled up with as many of --unpaired as make the batch square, as in training. Transport shares the captions ' +
      'out among all rows, so a row depends on its batch: without --unpaired a single image would have to take every caption.',
    'Demand tells how much of all weight a caption gets: 1 is its fair share, which transport aims at.',
  ].join('\n\n');

  static override args = {
    image: Args.string({
      required: true,
      multiple: true,
      description: 'image files, or ids of uncaptioned images (paths below the root of --unpaired)',
    }),
  };

  static override examples = [
    '<%= config.bin %> <%= command.id %> harbor.jpg --captioned pairs/ --unpaired photos/ --model ViT-B-32/openai --domain remote-sensing',
    '<%= config.bin %> <%= command.id %> a001.webp a002.webp --captioned ucm.tar --unpaired rsscn7.tar --model runs/first/model --batch 64 --seed 1',
    '<%= config.bin %> <%= command.id %> harbor.jpg --captioned pairs/ --model ./my-clip --transport soft --keywords words.txt --format json',
  ];

  static override flags = {
    captioned: Flags.string({
      required: true,
      helpValue: 'PATH',
      description: 'captioned images: a folder, a table or a tar; PATH#SPLIT names a split',
    }),
    ...columnFlags,
    split: Flags.string({description: 'rows of --captioned to use (default: train, else everything)'}),
    'label-ratio': numberFlag({
      atLeast: 0,
      atMost: 1,
      description:
        'keep the captions of this share of --captioned, as adapt does; the rest joins the uncaptioned images',
    }),
    unpaired: Flags.string({helpValue: 'PATH', description: 'uncaptioned images that fill up the batch'}),
    model: Flags.string({
      required: true,
      helpValue: 'REF',
      description: 'a folder, hf:owner/name, or a name such as ViT-B-32/openai',
    }),
    domain: Flags.string({description: 'the domain whose keywords are used, by name or file'}),
    keywords: Flags.string({
      helpValue: 'FILE',
      description: 'one keyword a line, or class-names[:SET,...], instead of those of the domain',
    }),
    transport: Flags.option({
      options: ['ot', 'soft', 'hard'] as const,
      default: 'ot' as const,
      description: 'optimal transport, row soft-max, or the nearest alone',
    })(),
    assign: Flags.option({
      options: ['image', 'text'] as const,
      default: 'image' as const,
      description: 'compare with the captioned images, or with their captions',
    })(),
    'transport-iters': Flags.integer({min: 1, max: 100_000, description: 'Sinkhorn iterations (default 10)'}),
    'transport-reg': numberFlag({
      atLeast: 1e-4,
      atMost: 1e4,
      description: 'entropic regularisation of transport (default: 1 / logit scale)',
    }),
    'keyword-target': Flags.option({
      options: ['ratio', 'softmax'] as const,
      default: 'softmax' as const,
      description: 'how candidate keywords share a label',
    })(),
    'keyword-matching': Flags.option({
      options: ['words', 'exact'] as const,
      default: 'words' as const,
      description: 'find keywords whatever their case and inflection, or exactly between spaces as published',
    })(),
    batch: Flags.integer({min: 2, description: 'captioned images of the batch (default: all, at most 512)'}),
    seed: Flags.integer({
      min: 0,
      default: 0,
      description: 'decides the sample and the caption drawn for each image',
    }),
    top: Flags.integer({min: 1, default: 5, description: 'captions shown for each image'}),
    engine: Flags.option({
      options: ['auto', 'tensorflow', 'wasm', 'cpu'] as const,
      default: 'auto' as const,
      description: 'what computes the features',
    })(),
  };

  async run(): Promise<void> {
    const {flags, args} = await this.parse(PseudoShow);
    const {showPseudoLabels} = await import('../../src/app/pseudo-show.js');
    const {pseudoText} = await import('../../src/ui/pseudo-text.js');
    const options = {
      ...flags,
      captioned: withColumns(flags.captioned, flags, '--captioned')!,
      images: args.image,
      labelRatio: flags['label-ratio'],
      iterations: flags['transport-iters'],
      regularisation: flags['transport-reg'],
      keywordTarget: flags['keyword-target'],
      keywordMatching: flags['keyword-matching'],
    };
    const report = await this.follow(showPseudoLabels(options));
    this.result(report, () => pseudoText(report));
  }
}
