import {exitCodes, UserError} from '../support/errors.js';
import type {StepNumbers} from './step.js';

/**
 * Stops a run before a weight is spoilt.
 * @param firstNonFinite names the first gradient that is not finite; asked only when their norm is not
 * @throws UserError with exit code `numerical` that names the step, and the first term or gradient that is not finite.
 */
export function checkFinite(
  step: number,
  numbers: StepNumbers,
  firstNonFinite: () => string | undefined,
): void {
  const {loss, terms, gradientNorm} = numbers;
  if (!Number.isFinite(loss)) {
    const term = Object.entries(terms).find(([, value]) => !Number.isFinite(value));
    throw notFinite(step, 'loss', loss, term ? `term ${term[0]} is ${term[1]}` : 'each term is finite');
  }
  if (!Number.isFinite(gradientNorm)) {
    const name = firstNonFinite();
    const reason = name === undefined ? 'each gradient is finite, their squares are not' : `first in ${name}`;
    throw notFinite(step, 'gradient', gradientNorm, reason);
  }
}

function notFinite(step: number, what: string, got: number, reason: string): UserError {
  return new UserError(`step ${step}: expected a finite ${what}, got ${got} (${reason})`, {
    tryThis: 'a lower learning rate (--lr) or a longer warm-up; the weights are those of the step before',
    exit: exitCodes.numerical,
  });
}
