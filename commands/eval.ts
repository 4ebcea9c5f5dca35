import {Flags} from '@oclif/core';
import {BaseCommand} from '../src/cli/base-command.js';
import {columnFlags, withColumns} from '../src/cli/column-flags.js';

export default class Eval extends BaseCommand {
  static override summary = 'Measure a model on held-out images: zero-shot classification and retrieval.';

  static override description = [
    'Zero-shot needs images with a class, retrieval images with captions; both are measured where the data has both. ' +
      'Every figure has a 95 % interval (bootstrap over the images).',
    'Retrieval takes all captions of an image; a caption with the same text as one of the image counts as right, and a ' +
      'wrong one that scores exactly as much counts as ahead. --protocol s-clip scores one drawn caption an image.',
    'JSON has the keys of CLIP_benchmark (one record, metrics as fractions), and seed, method and ci95.',
  ].join('\n\n');

  static override examples = [
    '<%= config.bin %> <%= command.id %> --model ViT-B-32/openai --data photos.tar --domain remote-sensing',
    '<%= config.bin %> <%= command.id %> --model runs/first/model --baseline ViT-B-32/openai --data ucm.tar#val --domain remote-sensing --per-class',
    '<%= config.bin %> <%= command.id %> --model ./my-clip --data folder-per-class/ --templates "a satellite photo of {}." --format json',
    '<%= config.bin %> <%= command.id %> --model ./my-clip --data pairs/ --task retrieval --protocol s-clip --seed 1 --out retrieval.json',
  ];

  static override flags = {
    model: Flags.string({
      required: true,
      helpValue: 'REF',
      description: 'a folder, hf:owner/name, or a name such as ViT-B-32/openai',
    }),
    data: Flags.string({
      required: true,
      helpValue: 'PATH',
      description:
        'held-out images: a folder, a table, a tar, domain:NAME, or a published set in a local folder, set:NAME or set:NAME=FOLDER; PATH#SPLIT names a split',
    }),
    ...columnFlags,
    baseline: Flags.string({
      helpValue: 'REF',
      description: 'another model: also print by how much the first one is better on the same images',
    }),
    split: Flags.string({description: 'rows to use, or all (default: test, else val, else everything)'}),
    domain: Flags.string({description: 'class names and templates of a domain, by name or file'}),
    classes: Flags.string({
      helpValue: 'NAME',
      description:
        'a class set of the domain, labels (those of the data, as words) or raw (as they are); default: the smallest set with all labels',
    }),
    templates: Flags.string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'TEXT|FILE',
      description: 'prompts with {} for the class name, or a file of them; may be given several times',
    }),
    task: Flags.option({
      options: ['zeroshot', 'retrieval', 'both', 'image-search'] as const,
      description: 'what to measure (default: what the data allows)',
    })(),
    protocol: Flags.option({
      options: ['standard', 's-clip'] as const,
      default: 'standard' as const,
      description: 'retrieval with all captions, or with one drawn caption an image as in the S-CLIP paper',
    })(),
    limit: Flags.integer({min: 1, description: 'at most this many images, spread over the whole set'}),
    seed: Flags.integer({min: 0, default: 0, description: 'of the intervals and of drawn captions'}),
    engine: Flags.option({
      options: ['auto', 'tensorflow', 'wasm', 'cpu'] as const,
      default: 'auto' as const,
      description: 'what computes',
    })(),
    batch: Flags.integer({default: 64, min: 1, description: 'images or texts embedded at a time'}),
    'per-class': Flags.boolean({description: 'also print every class, the worst first'}),
    out: Flags.string({helpValue: 'FILE', description: 'also write the JSON record to a file'}),
  };

  async run(): Promise<void> {
    const {flags} = await this.parse(Eval);
    const {evaluateModel} = await import('../src/app/evaluate-model.js');
    const {evaluationText} = await import('../src/ui/evaluation-text.js');
    const evaluated = await this.follow(
      evaluateModel({...flags, data: withColumns(flags.data, flags, '--data')!}),
    );
    this.result(evaluated.record, () => evaluationText(evaluated, {perClass: flags['per-class']}));
  }
}
