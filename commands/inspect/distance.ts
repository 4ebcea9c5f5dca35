import {BaseCommand} from '../../src/cli/base-command.js';
import {inspectedImages, inspectedModels, inspectFlags} from '../../src/cli/inspect-flags.js';

export default class InspectDistance extends BaseCommand {
  static override summary = 'Show how far the attention heads of each layer look.';

  static override description = [
    'The expected distance in pixels between a patch and what it attends to, the class token left out, over all patches and images: small for heads that look near them, large for those that look everywhere. Pixels are those of the model input.',
    'Vision transformers only: the layers of a ResNet do not attend.',
  ].join('\n\n');

  static override args = inspectedModels;

  static override examples = [
    '<%= config.bin %> <%= command.id %> ViT-B-32/openai --images photos/',
    '<%= config.bin %> <%= command.id %> ViT-B-32/openai runs/first/model --images ucm.tar --out distance.svg',
  ];

  static override flags = {...inspectedImages, ...inspectFlags};

  async run(): Promise<void> {
    const {flags, args} = await this.parse(InspectDistance);
    const {inspectDistance} = await import('../../src/app/inspect/distance.js');
    const {distancesText} = await import('../../src/report/inspection-text.js');
    const inspected = await this.follow(inspectDistance({...flags, models: args.model}));
    this.result(inspected, () => distancesText(inspected));
  }
}
