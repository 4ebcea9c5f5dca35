import {relative} from 'node:path';
import {Flags} from '@oclif/core';
import {BaseCommand} from '../src/cli/base-command.js';
import {cellLine} from '../src/cli/follow-comparison.js';
import {followTry} from '../src/cli/follow-try.js';
import {progressLine} from '../src/cli/progress-line.js';
import {colourDepth} from '../src/cli/terminal-colours.js';

export default class Try extends BaseCommand {
  static override summary =
    'See the tool do its job once: a small CLIP adapted to 3D emoji by two methods, measured before and after.';

  static override description =
    'Adapts the bundled model to domain:emoji (one caption in ten) with supervised tuning and with S-CLIP on the same budget, ' +
    'measures all three models on held-out drawings, shows pseudo-captions before and after, and writes report.html. ' +
    'Everything comes with the packages. The same command goes on where it was stopped; when it is finished, it begins anew in ' +
    'the next free folder.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --fast --format json',
  ];

  static override flags = {
    fast: Flags.boolean({description: 'few steps: under a minute'}),
    out: Flags.string({
      helpValue: 'DIR',
      description: 'the folder of runs and report (default: runs/try or runs/try-fast, then -2, -3, ...)',
    }),
  };

  /** `key=value`, in place of what the recipe says. */
  protected readonly settings: readonly string[] = [];

  async run(): Promise<void> {
    const {flags} = await this.parse(Try);
    const {tryRun} = await import('../src/app/try/try-run.js');
    const note = (line: string) => this.note(line);
    const events = tryRun({...flags, program: program(), settings: this.settings, onNotice: note});
    const isJson = this.outputMode === 'json';
    const {outcome, exit} = await followTry(events, {
      newPrinter: () => this.runPrinter(() => import('../src/ui/show-run.js')),
      cell: (event) => (isJson ? this.print(JSON.stringify(event)) : note(cellLine(event))),
      line: this.outputMode === 'quiet' ? undefined : progressLine(process.stderr),
      note,
    });
    if (outcome && isJson) this.print(JSON.stringify(outcome.report));
    else if (outcome) {
      const {tryText} = await import('../src/ui/try-text.js');
      this.result(outcome.report, () =>
        tryText(outcome, this.hasLiveView ? colourDepth(process.stdout) : undefined),
      );
    }
    process.exitCode = exit;
  }
}

/** How this program was called: by its name, or from a clone. */
function program(): string {
  const entry = process.argv[1] ?? '';
  return /[/\\]fewclip$/.test(entry) ? 'fewclip' : `node ${relative(process.cwd(), entry)}`;
}
