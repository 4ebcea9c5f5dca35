import {Flags} from '@oclif/core';
import {BaseCommand} from '../../src/cli/base-command.js';
import {inspectedModels, inspectFlags} from '../../src/cli/inspect-flags.js';
import {numberFlag} from '../../src/cli/number-flag.js';

export default class InspectLandscape extends BaseCommand {
  static override summary =
    'Show the loss around a model: a flat bowl is easier to optimise than a steep one.';

  static override description = [
    'The loss of CLIP on one batch of pairs at points x points places around the model, along two random directions in which ' +
      'every filter is as long as that of the weights, so that models can be compared; biases and norms do not move. ' +
      'Models of one architecture share the draws.',
    'The towers run once a place: with 121 places and 32 pairs a ViT-B/32 takes some minutes on a processor.',
  ].join('\n\n');

  static override args = inspectedModels;

  static override examples = [
    '<%= config.bin %> <%= command.id %> ViT-B-32/openai --data pairs/',
    '<%= config.bin %> <%= command.id %> ./my-clip runs/first/model --data ucm.tar#val --out landscape.svg',
  ];

  static override flags = {
    data: Flags.string({
      helpValue: 'PATH',
      description:
        'captioned images: a folder, a table or a tar; PATH#SPLIT names a split (default: our own drawings)',
    }),
    pairs: Flags.integer({default: 32, min: 2, description: 'pairs of the batch'}),
    points: Flags.integer({
      default: 11,
      min: 3,
      max: 101,
      description: 'places along each direction, an odd number',
    }),
    range: numberFlag({
      default: 1,
      atLeast: 0.001,
      atMost: 100,
      description: 'how far each direction goes to both sides; 1 is as long as the weights',
    }),
    seed: Flags.integer({min: 0, default: 0, description: 'of the directions and of the pairs'}),
    ...inspectFlags,
  };

  async run(): Promise<void> {
    const {flags, args} = await this.parse(InspectLandscape);
    const {inspectLandscape} = await import('../../src/app/inspect/landscape.js');
    const {landscapeText} = await import('../../src/report/landscape-text.js');
    const inspected = await this.follow(inspectLandscape({...flags, models: args.model}));
    this.result(inspected, () => landscapeText(inspected));
  }
}
