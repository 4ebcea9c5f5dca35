import {UserError} from '../../src/support/errors.js';
import type {BenchValues} from '../bench.js';

/** The value of a text option. */
export function textOf(values: BenchValues, option: string): string | undefined {
  const value = values[option];
  return typeof value === 'string' ? value : undefined;
}

/** The parts of a list `a,b,c`; undefined when the option was not given. */
export function listOf(values: BenchValues, option: string): string[] | undefined {
  const parts = textOf(values, option)
    ?.split(',')
    .map((part) => part.trim());
  return parts?.filter((part) => part !== '');
}

/** The value of an option that is a whole number from 1. */
export function countOf(values: BenchValues, option: string): number | undefined {
  const text = textOf(values, option);
  return text === undefined ? undefined : countFrom(text, option);
}

/** @throws UserError when a text is no whole number from 1 */
export function countFrom(text: string, option: string): number {
  const count = Number(text);
  if (Number.isSafeInteger(count) && count >= 1) return count;
  throw new UserError(`--${option}: expected a whole number >= 1, got ${text}`);
}

/** One of some names. */
export function choiceOf<T extends string>(
  values: BenchValues,
  option: string,
  choices: readonly T[],
): T | undefined {
  const text = textOf(values, option);
  const choice = choices.find((one) => one === text);
  if (text === undefined || choice !== undefined) return choice;
  throw new UserError(`--${option}: expected ${choices.join(' or ')}, got ${text}`);
}
