import type {StartedRun} from '../app/adapt.js';
import {exitCodes} from '../support/errors.js';
import type {RunPrinter} from './run-lines.js';
import {passStopSignals} from './stop-signals.js';

/** Shows a run to its end; returns the exit code. Throws what the run failed with. */
export async function followRun(
  run: StartedRun,
  printer: RunPrinter,
  note: (message: string) => void,
): Promise<number> {
  const release = passStopSignals(run, note);
  let exit: number = exitCodes.done;
  try {
    for await (const event of run.events) {
      printer.event(event);
      if (event.type === 'stopped') {
        exit = event.signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
      }
    }
  } finally {
    printer.end();
    release();
  }
  return exit;
}
