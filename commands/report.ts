import {Args, Flags} from '@oclif/core';
import {BaseCommand} from '../src/cli/base-command.js';
import {metricLines} from '../src/cli/run-lines.js';

export default class Report extends BaseCommand {
  static override summary = 'Write the report of a finished run as one HTML file.';

  static override description =
    'Before and after with intervals, the losses, a few uncaptioned images with their pseudo-captions, what was asked, and the ' +
    'command that makes the same run again. The file has no script and needs no network.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> runs/first',
    '<%= config.bin %> <%= command.id %> runs/first --samples 0 --out first.html',
  ];

  static override args = {
    run: Args.string({required: true, description: 'the folder of a run (--out of adapt)'}),
  };

  static override flags = {
    samples: Flags.integer({
      default: 12,
      min: 0,
      max: 200,
      description: 'uncaptioned images shown with their pseudo-captions; 0 needs no engine',
    }),
    out: Flags.string({helpValue: 'FILE', description: 'the file (default: report.html in the run folder)'}),
  };

  async run(): Promise<void> {
    const {flags, args} = await this.parse(Report);
    const {runReport} = await import('../src/app/report/run-report.js');
    const written = await this.follow(runReport({...flags, run: args.run}));
    this.result(written, () => [...metricLines(written.after), `report: ${written.report}`].join('\n'));
  }
}
