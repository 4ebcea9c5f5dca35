import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';

export default class InspectWords extends BaseCommand {
  static override summary = 'Show which parts of an image each word of a text is near to.';

  static override description = [
    'Every patch of the image and every word of the text is taken into the space in which CLIP compares whole images with ' +
      'whole texts. A word is shown as a heat map of its cosines with the patches, from its own lowest (dark, 0) to its ' +
      'own highest (bright, 9). [text] is the end token, which stands for the whole text.',
    'The words of a text are read in order: a word knows those before it, not those after it. CLIP was trained on whole ' +
      'images and texts alone, so its patches need not lie where one would expect; methods such as filip train them.',
    'On a terminal the maps are coloured, elsewhere digits. --out draws them over the image. Several models show the same ' +
      'image before and after training.',
  ].join('\n\n');

  static override args = {
    image: Args.string({required: true, description: 'an image file'}),
  };

  static override examples = [
    '<%= config.bin %> <%= command.id %> harbor.jpg --text "boats in a harbor near a road" --model ViT-B-32/openai',
    '<%= config.bin %> <%= command.id %> harbor.jpg --text "boats in a harbor" --model ViT-B-32/openai --model runs/first/model --out words.png',
    '<%= config.bin %> <%= command.id %> harbor.jpg --text "a photo of a boat." --model ./my-clip --format json',
  ];

  static override flags = {
    text: Flags.string({required: true, description: 'the words, as a caption or a prompt'}),
    model: Flags.string({
      required: true,
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'REF',
      description:
        'a folder, hf:owner/name, or a name such as ViT-B-32/openai; may be given several times, to compare',
    }),
    out: Flags.string({helpValue: 'FILE', description: 'also draw a picture: a .png or .svg file'}),
    engine: Flags.option({
      options: ['auto', 'tensorflow', 'wasm', 'cpu'] as const,
      default: 'auto' as const,
      description: 'what computes',
    })(),
  };

  async run(): Promise<void> {
    const {flags, args} = await this.parse(InspectWords);
    const {inspectWords} = await import('../../src/app/inspect/words.js');
    const {alignmentText} = await import('../../src/report/word-alignment-text.js');
    const inspected = await this.follow(inspectWords({...flags, image: args.image, models: flags.model}));
    this.result(inspected, () =>
      alignmentText(inspected, {
        isColoured: this.hasLiveView && process.stdout.hasColors(256),
        width: process.stdout.columns || 80,
      }),
    );
  }
}
