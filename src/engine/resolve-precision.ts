import {readCpuFlags, type CpuFlags} from '../support/cpu-flags.js';
import {UserError} from '../support/errors.js';
import {linkedEngine} from './install/linked-engine.js';
import type {EngineName} from './resolve-engine.js';
import type {Precision} from './step.js';

export type PrecisionChoice = 'auto' | Precision;

/** What a precision depends on. */
export interface PrecisionGround {
  readonly engine: EngineName;
  /** Whether steps run as one graph. */
  readonly capture: boolean;
}

/** What the machine offers. */
export interface PrecisionMachine {
  readonly flags: CpuFlags | undefined;
  /** Whether the engine computes on a GPU when there is one. */
  readonly cuda: boolean;
}

/**
 * The precision that a choice means on this machine. `auto` is bf16 where the processor multiplies bfloat16 faster
 * than float32 (AMX or AVX-512 BF16), else fp32; on a GPU fp32 products are TF32, so bf16 is taken there on request only.
 * @throws UserError when bf16 is asked for and nothing here can do it
 */
export function resolvePrecision(
  choice: PrecisionChoice,
  {engine, capture}: PrecisionGround,
  machine: PrecisionMachine = {flags: readCpuFlags(), cuda: linkedEngine()?.cuda ?? false},
): Precision {
  const isAble = engine === 'tensorflow' && capture;
  if (choice === 'bf16' && !isAble) {
    throw new UserError(
      `--precision bf16: expected the tensorflow engine with capture, got ${engine === 'tensorflow' ? '--no-capture' : engine}`,
      {tryThis: '--precision fp32'},
    );
  }
  if (choice !== 'auto') return choice;
  const isFaster = machine.flags?.amx_bf16 === true || machine.flags?.avx512_bf16 === true;
  return isAble && !machine.cuda && isFaster ? 'bf16' : 'fp32';
}
