import type {Metrics, RunEvent} from '../app/events.js';
import type {OutputMode} from './output.js';

/** Shows a run: one call an event. */
export interface RunPrinter {
  event(event: RunEvent): void;
  end(): void;
}

/**
 * A run as lines: NDJSON events in json, nothing in quiet, else plain lines for logs: one a phase, about twenty a
 * run for the steps, one for each result.
 */
export function linePrinter(mode: OutputMode, print: (line: string) => void): RunPrinter {
  const line =
    {json: (event: RunEvent) => JSON.stringify(event), quiet: () => undefined}[mode as string] ?? plainLine;
  return {
    event: (event) => {
      const text = line(event);
      if (text !== undefined) print(text);
    },
    end: () => {},
  };
}

function plainLine(event: RunEvent): string | undefined {
  switch (event.type) {
    case 'start':
      return `run ${event.run}: ${event.method}, ${event.steps} steps, in ${event.folder}`;
    case 'phase':
      return `phase: ${event.phase}`;
    case 'progress':
      return event.done === event.total ? `${event.phase}: ${event.done} of ${event.total}` : undefined;
    case 'step':
      return isShown(event.step, event.steps) ? stepLine(event) : undefined;
    case 'evaluation':
      return [`evaluation ${event.moment}:`, ...metricLines(event.metrics)].join('\n  ');
    case 'checkpoint':
      return `checkpoint: ${event.path}`;
    case 'notice':
      return event.message;
    case 'done':
      return `done in ${event.seconds.toFixed(1)} s: model in ${event.model}, result in ${event.result}`;
    case 'stopped':
      return `stopped by ${event.signal} after step ${event.step}; --resume goes on from there`;
    case 'error':
      return undefined;
  }
}

/** Below this share of a step nobody need care about the wait for data. */
const noteworthyWait = 0.05;

function stepLine(event: RunEvent & {type: 'step'}): string {
  const [terms, logged] = [event.terms, event.logged ?? {}].map((values) =>
    Object.entries(values).map(([name, value]) => `${name} ${value.toFixed(4)}`),
  );
  return [
    `step ${event.step}/${event.steps}`,
    `loss ${event.loss.toFixed(4)} (${terms!.join(', ')})`,
    ...logged!,
    `lr ${event.learningRate.toExponential(2)}`,
    `${event.pairsPerSecond.toFixed(1)} pairs/s`,
    `${Math.round(event.secondsLeft)} s left`,
    `${Math.round(event.rssBytes / 2 ** 20)} MiB`,
    ...(event.dataWaitShare > noteworthyWait ? [`waiting for data ${percent(event.dataWaitShare)} %`] : []),
  ].join('  ');
}

/** The first, the last, and every twentieth part between. */
function isShown(step: number, steps: number): boolean {
  return step === 1 || step === steps || step % Math.max(1, Math.round(steps / 20)) === 0;
}

/** One line a metric, in percent, with its interval. */
export function metricLines(metrics: Metrics): string[] {
  return Object.entries(metrics).map(([name, {value, ci95}]) => {
    const interval = ci95 ? ` [${percent(ci95[0])}, ${percent(ci95[1])}]` : '';
    return `${name}: ${percent(value)} %${interval}`;
  });
}

function percent(fraction: number): string {
  return (100 * fraction).toFixed(1);
}
