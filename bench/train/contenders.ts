import {fileURLToPath} from 'node:url';
import {UserError} from '../../src/support/errors.js';
import {knownNames} from '../../src/support/nearest-name.js';
import type {ContenderCommand} from '../support/contender.js';

export type Precision = 'fp32' | 'bf16';
export type Device = 'cpu' | 'cuda';

/** One way to run the training step. */
export interface TrainContender {
  readonly name: string;
  readonly side: 'ours' | 'torch';
  readonly precision: Precision;
  /** Ours: token rows are cut to the longest text. The loss is the same, with less work. */
  readonly trimmed: boolean;
  /** PyTorch: through torch.compile. */
  readonly compiled: boolean;
  /** PyTorch: image tower in channels_last. */
  readonly channelsLast: boolean;
}

/** What all ratios are relative to: PyTorch as most people run it. */
export const referenceName = 'torch';

/**
 * The contenders of one heat, which run side by side: the reference, and everything of one precision. A heat holds
 * one precision, so that the memory of the machine holds all of it.
 */
export function heatOf(
  precision: Precision,
  {isResNet, canCompile}: {readonly isResNet: boolean; readonly canCompile: boolean},
): TrainContender[] {
  const layouts = isResNet ? [false, true] : [false];
  const compilers = canCompile ? [false, true] : [false];
  const peers = layouts.flatMap((channelsLast) =>
    compilers.map((compiled) => torchContender(precision, {compiled, channelsLast})),
  );
  const reference =
    precision === 'fp32' ? [] : [torchContender('fp32', {compiled: false, channelsLast: false})];
  return [...reference, ...peers, oursContender(precision, false), oursContender(precision, true)];
}

/**
 * Keeps the contenders that were asked for by name.
 * @throws UserError for a name that none of `all` has
 */
export function chosenContenders(
  heat: readonly TrainContender[],
  wanted: readonly string[] | undefined,
): TrainContender[] {
  return heat.filter(({name}) => wanted === undefined || wanted.includes(name));
}

/** @throws UserError for names that no heat has */
export function checkContenderNames(wanted: readonly string[]): void {
  const heats = (['fp32', 'bf16'] as const).map((precision) =>
    heatOf(precision, {isResNet: true, canCompile: true}),
  );
  const known = [...new Set(heats.flat().map(({name}) => name))];
  const unknown = wanted.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new UserError(
      `--contenders: expected known contenders, got ${unknown} (${knownNames(unknown, known)})`,
    );
  }
}

function oursContender(precision: Precision, trimmed: boolean): TrainContender {
  const name = ['ours', ...(precision === 'bf16' ? ['bf16'] : []), ...(trimmed ? ['trimmed'] : [])].join('-');
  return {name, side: 'ours', precision, trimmed, compiled: false, channelsLast: false};
}

function torchContender(
  precision: Precision,
  {compiled, channelsLast}: {readonly compiled: boolean; readonly channelsLast: boolean},
): TrainContender {
  const name = [
    referenceName,
    ...(precision === 'bf16' ? ['bf16'] : []),
    ...(channelsLast ? ['channels-last'] : []),
    ...(compiled ? ['compiled'] : []),
  ].join('-');
  return {name, side: 'torch', precision, trimmed: false, compiled, channelsLast};
}

/** Where and with what contenders run. */
export interface Place {
  readonly device: Device;
  /** Threads of either side. */
  readonly threads: number;
  /** Interpreter with PyTorch and open_clip; undefined when no contender needs it. */
  readonly python: string | undefined;
}

/** The process of a contender on a problem. */
export function contenderCommand(contender: TrainContender, problem: string, place: Place): ContenderCommand {
  const {name, side, precision, trimmed, compiled, channelsLast} = contender;
  const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
  const {device, threads, python} = place;
  if (side === 'ours') {
    const script = [file('./ours.ts'), problem, JSON.stringify({device, precision, trimmed})];
    return {name, program: process.execPath, args: ['--import', import.meta.resolve('tsx'), ...script]};
  }
  const options = {precision, compile: compiled, channelsLast, device, threads};
  return {
    name,
    program: python!,
    args: [file('../peer/train.py'), problem, JSON.stringify(options)],
    env: {OMP_NUM_THREADS: String(threads)},
  };
}
