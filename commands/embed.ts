import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../src/cli/base-command.js';

export default class Embed extends BaseCommand {
  static override summary = 'Embed images, and captions, into shards that search and other tools read.';

  static override description = [
    'Writes the layout of clip-retrieval: img_emb/img_emb_0.npy with rows of unit length, metadata/metadata_0.parquet ' +
      'with image_path, id and caption, and text_emb/text_emb_0.npy with --texts; embeddings.json says how they came ' +
      'about.',
    'The same command goes on where an earlier one was stopped: a shard is whole or absent. Features of images are kept in ' +
      'the user cache under the hash of weights, preprocessing and the bytes of the file, so that nothing is computed ' +
      'twice, in whatever set an image lies.',
  ].join('\n\n');

  static override args = {
    data: Args.string({
      required: true,
      description: 'images: a folder, a table, a tar, or domain:NAME; PATH#SPLIT names a split',
    }),
  };

  static override examples = [
    '<%= config.bin %> <%= command.id %> photos/ --model ViT-B-32/openai --out embedded/',
    '<%= config.bin %> <%= command.id %> ucm.tar#val --texts --model runs/first/model --out embedded/ --dtype float32',
  ];

  static override flags = {
    model: Flags.string({
      required: true,
      helpValue: 'REF',
      description: 'a folder, hf:owner/name, or a name such as ViT-B-32/openai',
    }),
    out: Flags.string({required: true, helpValue: 'FOLDER', description: 'where the shards go'}),
    split: Flags.string({description: 'rows to embed (default: all)'}),
    texts: Flags.boolean({
      default: false,
      description: 'also embed the first caption of each image; images without one are left out',
    }),
    dtype: Flags.option({
      options: ['float16', 'float32'] as const,
      default: 'float16' as const,
      description: 'precision of the numbers in the files',
    })(),
    metadata: Flags.option({
      options: ['parquet', 'jsonl'] as const,
      default: 'parquet' as const,
      description: 'format of the metadata',
    })(),
    'shard-size': Flags.integer({default: 10_000, min: 1, description: 'rows of a shard'}),
    cache: Flags.boolean({
      default: true,
      allowNo: true,
      description: 'read known features from the cache, and keep new ones there',
    }),
    engine: Flags.option({
      options: ['auto', 'tensorflow', 'wasm', 'cpu'] as const,
      default: 'auto' as const,
      description: 'what computes',
    })(),
    batch: Flags.integer({default: 64, min: 1, description: 'images or texts embedded at a time'}),
  };

  async run(): Promise<void> {
    const {flags, args} = await this.parse(Embed);
    const {embedData} = await import('../src/app/embed/embed-data.js');
    const {embeddedText} = await import('../src/ui/search-text.js');
    const options = {...flags, data: args.data, shardSize: flags['shard-size']};
    const embedded = await this.follow(embedData(options));
    this.result(embedded, () => embeddedText(embedded));
  }
}
