import type {CompareEvent, Comparison} from '../app/compare.js';
import type {StartedRun} from '../app/adapt.js';
import {exitCodes} from '../support/errors.js';
import {linePrinter} from './run-lines.js';
import {passStopSignals} from './stop-signals.js';

/** Shows a comparison as lines; the table is undefined when it was stopped before its end. */
export async function followComparison(
  events: AsyncGenerator<CompareEvent, Comparison>,
  note: (line: string) => void,
): Promise<{readonly comparison: Comparison | undefined; readonly exit: number}> {
  const printer = linePrinter('plain', note);
  let release = () => {};
  let current: StartedRun | undefined;
  let exit: number = exitCodes.done;
  try {
    for (;;) {
      const next = await events.next();
      if (next.done) return {comparison: exit === exitCodes.done ? next.value : undefined, exit};
      const event = next.value;
      if (event.type === 'cell') note(cellLine(event));
      else {
        if (event.run !== current) {
          release();
          current = event.run;
          release = passStopSignals(event.run, note);
        }
        printer.event(event.event);
        if (event.event.type === 'stopped') {
          exit = event.event.signal === 'SIGTERM' ? exitCodes.terminated : exitCodes.interrupted;
        }
      }
    }
  } finally {
    release();
  }
}

function cellLine({label, seed, index, total, done}: CompareEvent & {type: 'cell'}): string {
  return `[${index}/${total}] ${label}, seed ${seed}${done ? ': done before' : ''}`;
}
