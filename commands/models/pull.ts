import {Args} from '@oclif/core';
import {abortOnSignals} from '../../src/cli/abort-on-signals.js';
import {BaseCommand} from '../../src/cli/base-command.js';
import {progressText} from '../../src/cli/install-progress.js';
import {pullText} from '../../src/cli/models-text.js';
import {progressLine} from '../../src/cli/progress-line.js';

export default class ModelsPull extends BaseCommand {
  static override summary = 'Download a CLIP from the Hugging Face hub into the shared cache.';

  static override description =
    'Fetches configuration, safetensors, tokenizer and model card, nothing else. What is there already is kept, an ' +
    'interrupted download goes on, and every file is checked by its hash. Respects HF_HOME, HF_HUB_CACHE, ' +
    'HF_ENDPOINT, HF_TOKEN and HF_HUB_OFFLINE.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> ViT-B-32/openai',
    '<%= config.bin %> <%= command.id %> hf:laion/CLIP-ViT-B-32-laion2B-s34B-b79K',
    '<%= config.bin %> <%= command.id %> hf:owner/name@v1.0 --format json',
  ];

  static override args = {
    reference: Args.string({
      required: true,
      description: 'hf:owner/name[@revision], or a name of `models list --known`',
    }),
  };

  async run(): Promise<void> {
    const {args} = await this.parse(ModelsPull);
    const {pullModel} = await import('../../src/app/pull-model.js');
    const line = progressLine(
      this.outputMode === 'human' ? process.stderr : {write: (text) => this.note(text.trimEnd())},
    );
    const stop = abortOnSignals();
    try {
      const result = await pullModel(args.reference, {
        signal: stop.signal,
        onNotice: (message) => this.note(message),
        onProgress: (progress) => {
          const isLast = progress.doneBytes >= progress.totalBytes;
          line.show(progress.file, progressText({type: 'progress', phase: 'download', ...progress}), isLast);
        },
      });
      line.end();
      this.result(result, () => pullText(result));
    } finally {
      line.end();
      stop.release();
    }
  }
}
