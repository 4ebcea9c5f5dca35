import {Args, Flags} from '@oclif/core';
import {abortOnSignals} from '../../src/cli/abort-on-signals.js';
import {BaseCommand} from '../../src/cli/base-command.js';
import {formatBytes} from '../../src/support/format-bytes.js';
import {UserError} from '../../src/support/errors.js';

export default class EngineRemove extends BaseCommand {
  static override summary = 'Remove TensorFlow engines from the user cache.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> tensorflow-2.21.0-cpu',
    '<%= config.bin %> <%= command.id %> --all',
  ];

  static override args = {
    name: Args.string({
      description: 'an engine of `engine list`; the start of its name is enough if it fits one',
    }),
  };

  static override flags = {
    all: Flags.boolean({default: false, description: 'remove all engines'}),
  };

  async run(): Promise<void> {
    const {args, flags} = await this.parse(EngineRemove);
    const {name} = args;
    if ((name === undefined) !== flags.all) {
      const got = flags.all ? 'both' : 'neither';
      throw new UserError(`engine remove: expected a name or --all, got ${got}`, {
        tryThis: 'fewclip engine list',
      });
    }
    const {removeEngine} = await import('../../src/app/remove-engine.js');
    const stop = abortOnSignals();
    try {
      const result = await removeEngine({
        which: name === undefined ? 'all' : {name},
        onNotice: (message) => this.note(message),
        signal: stop.signal,
      });
      const lines = result.removed.map(({name, bytes}) => `removed ${name} (${formatBytes(bytes)})`);
      this.result(result, () => lines.join('\n') || 'no engine in the cache: nothing was removed');
    } finally {
      stop.release();
    }
  }
}
