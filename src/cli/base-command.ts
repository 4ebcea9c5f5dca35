import {Command, Flags, type Interfaces} from '@oclif/core';
import {errorReport} from './error-report.js';
import {followProgress, type FollowedEvents} from './follow-progress.js';
import {linePrinter, type RunPrinter} from './run-lines.js';
import {outputFormats, outputMode, type OutputMode} from './output.js';
import {progressLine} from './progress-line.js';

/** Flags and arguments of a command class, the base flags included. */
export type ParsedFlags<T extends typeof Command> = Interfaces.InferredFlags<
  (typeof BaseCommand)['baseFlags'] & T['flags']
>;

/** What all commands share: the output format, and errors that become one sentence and an exit code. */
export abstract class BaseCommand extends Command {
  static override baseFlags = {
    format: Flags.option({
      options: outputFormats,
      default: 'auto' as const,
      description: 'how to print: auto is human on a terminal and plain elsewhere; json prints JSON alone',
      helpGroup: 'GLOBAL',
    })(),
  };

  private mode: OutputMode | undefined;

  /** The resolved format. Known before parsing, so that usage errors are printed in it too. */
  get outputMode(): OutputMode {
    this.mode ??= outputMode(formatIn(this.argv), process.stdout.isTTY === true);
    return this.mode;
  }

  /** Whether work is drawn live: human output on a real terminal. */
  protected get hasLiveView(): boolean {
    return this.outputMode === 'human' && process.stdout.isTTY === true;
  }

  /** Shows a run: live on a terminal, else line by line. The view is loaded only where it is drawn. */
  protected async runPrinter(loadView: () => Promise<{showRun(): RunPrinter}>): Promise<RunPrinter> {
    return this.hasLiveView
      ? (await loadView()).showRun()
      : linePrinter(this.outputMode, (line) => this.print(line));
  }

  /** Runs a use case to its end, with its progress on stderr and its notices as notes; returns what it returns. */
  protected follow<T>(events: FollowedEvents<T>): Promise<T> {
    return followProgress(events, {
      line: this.outputMode === 'quiet' ? undefined : progressLine(process.stderr),
      note: (message) => this.note(message),
    });
  }

  /** Prints the result of the command: the value in json, the text otherwise, nothing in quiet. */
  protected result(value: unknown, human: () => string): void {
    if (this.outputMode === 'quiet') return;
    this.print(this.outputMode === 'json' ? JSON.stringify(value, null, 2) : human());
  }

  /** Prints one line on stdout. A reader that has gone away ends the printing, not the work. */
  protected print(line: string): void {
    process.stdout.write(`${line}\n`);
  }

  /** A remark beside the result: on stderr in every format but quiet. */
  protected note(message: string): void {
    if (this.outputMode !== 'quiet') process.stderr.write(`${message}\n`);
  }

  override async init(): Promise<void> {
    await super.init();
    for (const stream of [process.stdout, process.stderr]) {
      stream.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EPIPE') throw error;
      });
    }
  }

  protected override catch(error: unknown): Promise<void> {
    const report = errorReport(error);
    if (report.message !== '') {
      if (this.outputMode === 'json') this.print(JSON.stringify({type: 'error', ...report}));
      process.stderr.write(`Error: ${report.message}\n`);
      if (report.tryThis !== undefined) process.stderr.write(`Try this: ${report.tryThis}\n`);
    }
    process.exitCode = report.exit;
    return Promise.resolve();
  }
}

/** The value of --format among raw arguments; `auto` when absent or unknown (parsing reports that). */
function formatIn(argv: readonly string[]): (typeof outputFormats)[number] {
  const joined = argv.find((argument) => argument.startsWith('--format='))?.slice('--format='.length);
  const index = argv.indexOf('--format');
  const value = joined ?? (index >= 0 ? argv[index + 1] : undefined);
  return outputFormats.find((format) => format === value) ?? 'auto';
}
