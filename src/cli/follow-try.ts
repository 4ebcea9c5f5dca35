import type {StartedRun} from '../app/adapt.js';
import type {TryEvent, TryOutcome} from '../app/try/try-run.js';
import {exitCodes} from '../support/errors.js';
import {failedLine} from './follow-comparison.js';
import {paceOf, progressOf} from './follow-progress.js';
import type {ProgressLine} from './progress-line.js';
import type {RunPrinter} from './run-lines.js';
import {passStopSignals} from './stop-signals.js';

/** What shows a try while it goes on. */
export interface TryView {
  /** Of one run. */
  readonly newPrinter: () => Promise<RunPrinter>;
  /** Told when a run begins. */
  readonly cell: (event: TryEvent & {type: 'cell'}) => void;
  readonly line: ProgressLine | undefined;
  readonly note: (line: string) => void;
}

/** Shows a try to its end; no outcome when it was stopped before. */
export async function followTry(
  events: AsyncGenerator<TryEvent, TryOutcome | undefined>,
  {newPrinter, cell, line, note}: TryView,
): Promise<{readonly outcome: TryOutcome | undefined; readonly exit: number}> {
  let current:
    {readonly run: StartedRun; readonly printer: RunPrinter; readonly release: () => void} | undefined;
  let exit: number = exitCodes.done;
  const pace = paceOf(() => performance.now());
  const end = () => {
    current?.printer.end();
    current?.release();
    current = undefined;
  };
  try {
    for (;;) {
      const next = await events.next();
      if (next.done) return {outcome: next.value, exit};
      const event = next.value;
      if (event.type === 'run') {
        if (event.run !== current?.run) {
          end();
          current = {run: event.run, printer: await newPrinter(), release: passStopSignals(event.run, note)};
        }
        current.printer.event(event.event);
        if (event.event.type === 'stopped') {
          exit = event.event.signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
        }
        continue;
      }
      end();
      showOther(event, {cell, line, note, pace});
    }
  } finally {
    line?.end();
    end();
  }
}

function showOther(
  event: Exclude<TryEvent, {type: 'run'}>,
  {cell, line, note, pace}: Omit<TryView, 'newPrinter'> & {readonly pace: ReturnType<typeof paceOf>},
): void {
  if (event.type === 'progress' || event.type === 'download') {
    line?.show(...progressOf(event, pace));
    return;
  }
  line?.end();
  if (event.type === 'cell') cell(event);
  else note(event.type === 'failed' ? failedLine(event) : event.message);
}
