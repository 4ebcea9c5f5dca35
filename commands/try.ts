import {Flags} from '@oclif/core';
import {BaseCommand} from '../src/cli/base-command.js';
import {followRun} from '../src/cli/follow-run.js';

export default class Try extends BaseCommand {
  static override summary = 'See the tool do its job once: S-CLIP on real images, measured before and after.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --fast --format json',
  ];

  static override flags = {
    fast: Flags.boolean({description: 'a sixth of the steps'}),
    out: Flags.string({helpValue: 'DIR', description: 'the run folder (default: runs/try, runs/try-2, ...)'}),
  };

  async run(): Promise<void> {
    const {flags} = await this.parse(Try);
    const {startTry} = await import('../src/app/try-run.js');
    const note = (line: string) => this.note(line);
    const run = await startTry(flags.out, {fast: flags.fast, onNotice: note});
    const printer = await this.runPrinter(() => import('../src/ui/show-run.js'));
    process.exitCode = await followRun(run, printer, note);
  }
}
