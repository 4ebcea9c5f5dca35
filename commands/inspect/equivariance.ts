import {BaseCommand} from '../../src/cli/base-command.js';
import {inspectedImages, inspectedModels, inspectFlags} from '../../src/cli/inspect-flags.js';

export default class InspectEquivariance extends BaseCommand {
  static override summary =
    'Show whether attention depends on where a patch lies, or on the offset of two patches alone.';

  static override description = [
    'Attention is averaged over the images; a map that depends on offsets alone has diagonals, one that depends on places has columns. The number is the variance of the attention among all pairs of patches of one offset: 0 for pure diagonals. It falls with the number of patches: compare models of one grid. --out draws the maps of all layers.',
    'Vision transformers only: the layers of a ResNet do not attend.',
  ].join('\n\n');

  static override args = inspectedModels;

  static override examples = [
    '<%= config.bin %> <%= command.id %> ViT-B-32/openai --images photos/',
    '<%= config.bin %> <%= command.id %> ViT-B-32/openai runs/first/model --images ucm.tar --out equivariance.svg',
  ];

  static override flags = {...inspectedImages, ...inspectFlags};

  async run(): Promise<void> {
    const {flags, args} = await this.parse(InspectEquivariance);
    const {inspectEquivariance} = await import('../../src/app/inspect/equivariance.js');
    const {equivarianceText} = await import('../../src/report/inspection-text.js');
    const inspected = await this.follow(inspectEquivariance({...flags, models: args.model}));
    this.result(inspected, () => equivarianceText(inspected));
  }
}
