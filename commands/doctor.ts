import {BaseCommand} from '../src/cli/base-command.js';
import {doctorText} from '../src/cli/doctor-text.js';
import {exitCodes} from '../src/support/errors.js';

export default class Doctor extends BaseCommand {
  static override summary =
    'Look at everything that fewclip stands on, and say what is wrong and how to mend it.';

  static override description =
    'Exit code 0 when fewclip can work here, 4 when no engine starts or images cannot be read.';

  static override examples = [
    '<%= config.bin %> <%= command.id %>',
    '<%= config.bin %> <%= command.id %> --format json',
  ];

  async run(): Promise<void> {
    await this.parse(Doctor);
    const {examine} = await import('../src/app/doctor.js');
    const report = await examine();
    this.result(report, () => doctorText(report));
    if (!report.works) process.exitCode = exitCodes.engine;
  }
}
