import {BaseCommand} from '../../src/cli/base-command.js';
import {inspectedImages, inspectedModels, inspectFlags} from '../../src/cli/inspect-flags.js';

export default class InspectAttention extends BaseCommand {
  static override summary = 'Show how alike the attention heads of each layer are.';

  static override description = [
    'The mean cosine between the attention maps of two heads of a layer, over all pairs of heads and all images: of each query (the first number) and of whole maps. 1 is equal heads; lower is more diverse. Feature distillation (arXiv:2205.14141) found the heads of the deep layers of CLIP alike, and those of the distilled model diverse.',
    'Vision transformers only: the layers of a ResNet do not attend.',
  ].join('\n\n');

  static override args = inspectedModels;

  static override examples = [
    '<%= config.bin %> <%= command.id %> ViT-B-32/openai --images photos/',
    '<%= config.bin %> <%= command.id %> ViT-B-32/openai runs/first/model --images ucm.tar --out attention.svg',
  ];

  static override flags = {...inspectedImages, ...inspectFlags};

  async run(): Promise<void> {
    const {flags, args} = await this.parse(InspectAttention);
    const {inspectAttention} = await import('../../src/app/inspect/attention.js');
    const {headsText} = await import('../../src/report/inspection-text.js');
    const inspected = await this.follow(inspectAttention({...flags, models: args.model}));
    this.result(inspected, () => headsText(inspected));
  }
}
