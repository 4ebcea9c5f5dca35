import {setImmediate as nextTurn} from 'node:timers/promises';
import {explainMemory} from './out-of-memory.js';
import type {CompiledStep, HostArrays, StepNumbers} from './step.js';

export interface TrainOptions {
  readonly compiled: Pick<CompiledStep, 'run'>;
  /** Steps done before; the first step run has this number (counted from 0). */
  readonly from: number;
  /** Number of the step to end before. */
  readonly steps: number;
  /** The batch of a step, counted from 0. Asked for one step ahead, never twice. */
  readonly batches: (step: number) => Promise<HostArrays>;
  /** The scalars of a step, counted from 0: at least `learningRate` and `step` (counted from 1). */
  readonly scalars: (step: number) => Readonly<Record<string, number>>;
  /** Asked before each step; true ends the loop. */
  readonly stopRequested: () => boolean;
}

/** What one step came to, and where its time went. */
export interface TrainedStep extends StepNumbers {
  /** Counted from 0. */
  readonly step: number;
  /**
   * The whole time since the record before (for the first: since the loop began), with what the reader of the records
   * did in between: the steps of a run add up to the time that it trained.
   */
  readonly stepMs: number;
  /** Part of `stepMs` in the engine's call. */
  readonly graphMs: number;
  /** Part of `stepMs` spent on data: waiting for the batch, asking for the next. The rest is the reader's. */
  readonly dataWaitMs: number;
  /** Whether the engine's call prepared itself too: the first one records the graph. */
  readonly isFirst: boolean;
}

/**
 * Runs steps and yields a record after each. The engine blocks its thread, so the next batch is asked for before a
 * step runs: other threads make it meanwhile. Checkpoints are the reader's: when a record comes, the step is done and
 * the next has not begun.
 * @throws UserError with exit code `outOfMemory` when a step finds no room; whatever else a step or a batch throws
 */
export async function* train(options: TrainOptions): AsyncGenerator<TrainedStep, void, void> {
  const {compiled, from, steps, scalars, stopRequested} = options;
  let last = performance.now();
  let resumed = last;
  let coming = from < steps ? ask(options, from) : undefined;
  for (let step = from; coming !== undefined && !stopRequested(); step++) {
    // a turn of the event loop even when the batch is there: signals and messages must get through
    const [batch] = await Promise.all([coming, nextTurn()]);
    coming = step + 1 < steps ? ask(options, step + 1) : undefined;
    // lets the batch that was just asked for get to its threads before this one is blocked
    await nextTurn();
    if (stopRequested()) return;
    const start = performance.now();
    const numbers = runStep(compiled, batch, scalars(step), step);
    const end = performance.now();
    const times = {stepMs: end - last, graphMs: end - start, dataWaitMs: start - resumed};
    last = end;
    yield {step, ...numbers, ...times, isFirst: step === from};
    resumed = performance.now();
  }
}

function runStep(
  compiled: TrainOptions['compiled'],
  batch: HostArrays,
  scalars: Readonly<Record<string, number>>,
  step: number,
): StepNumbers {
  try {
    return compiled.run(batch, scalars);
  } catch (error) {
    throw explainMemory(error, step + 1);
  }
}

/** Asks for a batch. A failure waits until the batch is wanted, and is nobody's business if it never is. */
function ask({batches}: TrainOptions, step: number): Promise<HostArrays> {
  const batch = batches(step);
  batch.catch(() => undefined);
  return batch;
}
