import {Flags} from '@oclif/core';
import {abortOnSignals} from '../../src/cli/abort-on-signals.js';
import {BaseCommand} from '../../src/cli/base-command.js';
import {showInstallEvent} from '../../src/cli/install-progress.js';
import {progressLine} from '../../src/cli/progress-line.js';
import {formatBytes} from '../../src/support/format-bytes.js';

export default class EngineInstall extends BaseCommand {
  static override summary = 'Install the TensorFlow engine from its pinned wheels, into the user cache.';

  static override description = `Needs pip and g++ once, no Python at run time. What is in the cache already is only linked.
The cache is $FEWCLIP_CACHE, else ~/.cache/fewclip. A wheel is deleted once it is unpacked.`;

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --cuda',
    '<%= config.bin %> <%= command.id %> --wheel ~/Downloads/tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
  ];

  static override flags = {
    cpu: Flags.boolean({description: 'TensorFlow for processors (the default)', exclusive: ['cuda']}),
    cuda: Flags.boolean({description: 'TensorFlow for NVIDIA GPUs, with the CUDA libraries'}),
    wheel: Flags.string({
      helpValue: 'FILE',
      multiple: true,
      multipleNonGreedy: true,
      description: 'a wheel that was downloaded already; may be given several times',
    }),
    force: Flags.boolean({
      description: 'install again what is in the cache, and accept a wheel whose SHA-256 is not pinned',
    }),
  };

  async run(): Promise<void> {
    const {flags} = await this.parse(EngineInstall);
    const {installEngine} = await import('../../src/app/install-engine.js');
    const line = progressLine(
      this.outputMode === 'human' ? process.stderr : {write: (text) => this.note(text.trimEnd())},
    );
    const stop = abortOnSignals();
    try {
      const result = await installEngine({
        ...((flags.cpu || flags.cuda) && {kind: flags.cuda ? 'cuda' : 'cpu'}),
        ...(flags.wheel && {wheels: flags.wheel}),
        force: flags.force,
        signal: stop.signal,
        onEvent: (event) => showInstallEvent(event, line),
      });
      line.end();
      const how = result.isNew
        ? `installed (${formatBytes(result.bytes)}) in ${result.folder}`
        : `linked from ${result.folder}`;
      this.result(result, () => `TensorFlow ${result.tensorflow} (${result.kind}) ${how}`);
    } finally {
      line.end();
      stop.release();
    }
  }
}
