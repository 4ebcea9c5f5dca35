import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../src/cli/base-command.js';

export default class Search extends BaseCommand {
  static override summary =
    'Find the embedded images, or captions, that are nearest to words or to an image.';

  static override description = [
    'Reads the shards of fewclip embed, or of clip-retrieval, from end to end in constant memory: the result is exact. ' +
      'With words and an image both count alike.',
    'The query is embedded by the model that the folder names; folders of other tools need --model.',
  ].join('\n\n');

  static override args = {
    text: Args.string({description: 'words to look for'}),
  };

  static override examples = [
    '<%= config.bin %> <%= command.id %> "red floral dress" --in embedded/',
    '<%= config.bin %> <%= command.id %> --image dress.jpg --in embedded/ --top 20 --format json',
    '<%= config.bin %> <%= command.id %> "the same in blue" --image dress.jpg --in embedded/',
  ];

  static override flags = {
    in: Flags.string({required: true, helpValue: 'FOLDER', description: 'a folder of embeddings'}),
    image: Flags.string({helpValue: 'FILE', description: 'an image to look for'}),
    modality: Flags.option({
      options: ['image', 'text'] as const,
      default: 'image' as const,
      description: 'look among the images, or among the captions',
    })(),
    top: Flags.integer({default: 10, min: 1, max: 100_000, description: 'results'}),
    model: Flags.string({
      helpValue: 'REF',
      description: 'what embeds the query (default: the model of the embeddings)',
    }),
    engine: Flags.option({
      options: ['auto', 'tensorflow', 'wasm', 'cpu'] as const,
      default: 'auto' as const,
      description: 'what computes the query',
    })(),
  };

  async run(): Promise<void> {
    const {flags, args} = await this.parse(Search);
    const {searchEmbeddings} = await import('../src/app/search/search-embeddings.js');
    const {searchText} = await import('../src/ui/search-text.js');
    const options = {...flags, text: args.text, folder: flags.in};
    const report = await this.follow(searchEmbeddings(options));
    this.result(report, () => searchText(report));
  }
}
