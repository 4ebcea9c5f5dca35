import type {Contender} from '../support/contender.js';
import {startContender} from '../support/contender.js';
import {peakBytes, resetPeak} from '../support/peak-memory.js';
import {interleaved} from '../support/rounds.js';
import {checkAgreement, type StepRecord} from './agreement.js';
import {contenderCommand, referenceName, type Place, type TrainContender} from './contenders.js';

/** How a heat is run. */
export interface HeatOptions {
  readonly problem: string;
  readonly place: Place;
  readonly rounds: number;
  /** Steps of a turn; undefined: as many as the reference does in a few seconds. */
  readonly steps: number | undefined;
  readonly onProgress: (message: string) => void;
}

/** What a contender came to. */
export interface TrainedContender {
  readonly contender: TrainContender;
  readonly versions: Readonly<Record<string, string>>;
  /** Seconds from the start of the process to a loaded model, and of the first step: it records or compiles. */
  readonly readySeconds: number;
  readonly firstStepSeconds: number;
  /** Steps a second, by round. */
  readonly stepsPerSecond: readonly number[];
  /** GFLOP/s of a product of 2048 x 2048 matrices, by round; empty for contenders that were not asked. */
  readonly matmulGflops: readonly number[];
  /** Most memory of its process: ever, and in the timed steps. */
  readonly peakBytes: number | undefined;
  readonly stepPeakBytes: number | undefined;
}

interface StepsAnswer {
  readonly seconds: number;
  readonly numbers: readonly StepRecord[];
}

/** A contender after its first steps. */
interface Started {
  readonly contender: TrainContender;
  readonly process: Contender;
  readonly firstStepSeconds: number;
  /** Of a step that is not the first. */
  readonly stepSeconds: number;
  readonly numbers: readonly StepRecord[];
  readonly startPeakBytes: number | undefined;
}

/** Steps that are not timed: the first records or compiles, the others fill caches. */
const warmUpSteps = 3;

const turnSeconds = 3;
const mostStepsATurn = 20;
const matmulSize = 2048;

/**
 * Runs contenders side by side on one problem: starts each, holds their first steps against each other, then times
 * them in turns.
 * @throws UserError when a contender dies, or computes something else than the others
 */
export async function runHeat(
  contenders: readonly TrainContender[],
  options: HeatOptions,
): Promise<TrainedContender[]> {
  const started: Started[] = [];
  try {
    for (const contender of contenders) {
      options.onProgress(`${contender.name}: first steps`);
      started.push(await start(contender, options));
    }
    const firstSteps = started.map(({contender, numbers}) => ({...contender, steps: numbers}));
    checkAgreement(firstSteps, options.place.device);
    for (const {process} of started) resetPeak(process.pid);
    return await timed(started, options);
  } finally {
    await Promise.all(started.map(({process}) => process.end()));
  }
}

async function start(contender: TrainContender, {problem, place}: HeatOptions): Promise<Started> {
  const process = await startContender(contenderCommand(contender, problem, place));
  try {
    const first = await process.ask<StepsAnswer>({do: 'steps', count: 1});
    const more = await process.ask<StepsAnswer>({do: 'steps', count: warmUpSteps - 1});
    return {
      contender,
      process,
      firstStepSeconds: first.seconds,
      stepSeconds: more.seconds / (warmUpSteps - 1),
      numbers: [...first.numbers, ...more.numbers],
      startPeakBytes: peakBytes(process.pid),
    };
  } catch (error) {
    await process.end();
    throw error;
  }
}

async function timed(started: readonly Started[], options: HeatOptions): Promise<TrainedContender[]> {
  const {rounds, onProgress} = options;
  const count = options.steps ?? stepsOfATurn(started);
  const measured = new Set(matmulContenders(started.map(({contender}) => contender)));
  const turns = await interleaved(started.length, rounds, async (index, round) => {
    const {contender, process} = started[index]!;
    onProgress(`round ${round + 1} of ${rounds}: ${contender.name}, ${count} steps`);
    const {seconds} = await process.ask<StepsAnswer>({do: 'steps', count});
    if (!measured.has(contender)) return {stepsPerSecond: count / seconds};
    const {gflops} = await process.ask<{gflops: number}>({do: 'matmul', size: matmulSize});
    return {stepsPerSecond: count / seconds, gflops};
  });
  return started.map((one, i) => {
    const stepPeakBytes = peakBytes(one.process.pid);
    return {
      contender: one.contender,
      versions: one.process.ready.versions,
      readySeconds: one.process.readySeconds,
      firstStepSeconds: one.firstStepSeconds,
      stepsPerSecond: turns[i]!.map(({stepsPerSecond}) => stepsPerSecond),
      matmulGflops: turns[i]!.flatMap(({gflops}) => gflops ?? []),
      peakBytes: highest(one.startPeakBytes, stepPeakBytes),
      stepPeakBytes,
    };
  });
}

/** One for each side and precision: the plainest. */
function matmulContenders(contenders: readonly TrainContender[]): TrainContender[] {
  const kinds = new Map<string, TrainContender>();
  for (const contender of contenders) {
    const kind = `${contender.side} ${contender.precision}`;
    if (!kinds.has(kind)) kinds.set(kind, contender);
  }
  return [...kinds.values()];
}

function stepsOfATurn(started: readonly Started[]): number {
  const reference = started.find(({contender}) => contender.name === referenceName) ?? started[0]!;
  return Math.min(mostStepsATurn, Math.max(1, Math.round(turnSeconds / reference.stepSeconds)));
}

function highest(...values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}
