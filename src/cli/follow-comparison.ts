import type {CompareEvent, Comparison, FailedCell} from '../app/compare.js';
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
      if (next.done) return ended(next.value, exit);
      const event = next.value;
      if (event.type === 'cell') note(cellLine(event));
      else if (event.type === 'failed') note(failedLine(event));
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

function ended(comparison: Comparison, stopped: number) {
  if (stopped !== exitCodes.done) return {comparison: undefined, exit: stopped};
  return {comparison, exit: comparison.failed.length > 0 ? exitCodes.cells : exitCodes.done};
}

/** What must be said below the table: runs that failed, and keywords that name the classes. */
export function comparisonRemarks({failed, vocabulary}: Pick<Comparison, 'failed' | 'vocabulary'>): string[] {
  const oracle = 'oracle vocabulary: the keywords name the classes that zero-shot evaluation asks for';
  return [...failed.map(failedLine), ...(vocabulary === 'oracle' ? [oracle] : [])];
}

/** A run without a result, in one line. */
export function failedLine({label, seed, message}: FailedCell): string {
  return `failed: ${label}, seed ${seed}: ${message}`;
}

/** The beginning of a run, in one line. */
export function cellLine({label, seed, index, total, done}: CompareEvent & {type: 'cell'}): string {
  return `[${index}/${total}] ${label}, seed ${seed}${done ? ': done before' : ''}`;
}
