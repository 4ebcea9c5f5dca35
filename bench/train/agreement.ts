import {exitCodes, UserError} from '../../src/support/errors.js';
import type {Precision} from './contenders.js';

/** The numbers of one step, on either side. */
export interface StepRecord {
  readonly loss: number;
  readonly gradientNorm: number;
  readonly terms: Readonly<Record<string, number>>;
}

/** What a contender computed in its first steps. */
export interface FirstSteps {
  readonly name: string;
  readonly precision: Precision;
  readonly steps: readonly StepRecord[];
}

/**
 * How far losses and terms may be apart, relative; bfloat16 keeps 8 bits of each factor. The norm of the gradients
 * shows a wrong backward pass, which a loss near that of chance would not; it is a sum over all weights, and in
 * bfloat16 gradients of 12 layers are rounded on their way.
 */
const bounds: Readonly<Record<Precision, {readonly loss: number; readonly gradientNorm: number}>> = {
  fp32: {loss: 1e-3, gradientNorm: 1e-2},
  bf16: {loss: 2e-2, gradientNorm: 1e-1},
};

/**
 * Makes sure that all contenders compute the same thing: the first of them in fp32 is what the others are held to.
 * @throws UserError (exit `numerical`) naming the contender and the number that differs
 */
export function checkAgreement(contenders: readonly FirstSteps[]): void {
  const reference = contenders.find(({precision}) => precision === 'fp32') ?? contenders[0];
  if (reference === undefined) return;
  for (const contender of contenders) {
    contender.steps.forEach((step, i) =>
      compareStep(contender, reference, {step, expected: reference.steps[i]!, i}),
    );
  }
}

interface Compared {
  readonly step: StepRecord;
  readonly expected: StepRecord;
  readonly i: number;
}

function compareStep(contender: FirstSteps, reference: FirstSteps, {step, expected, i}: Compared): void {
  const bound = bounds[contender.precision];
  const numbers = (record: StepRecord) => ({loss: record.loss, ...record.terms});
  const all = [
    ...Object.entries(numbers(expected)).map(([name, value]) => [name, value, bound.loss] as const),
    ['gradientNorm', expected.gradientNorm, bound.gradientNorm] as const,
  ];
  const got: Readonly<Record<string, number>> = {...numbers(step), gradientNorm: step.gradientNorm};
  for (const [name, value, limit] of all) {
    const apart = Math.abs((got[name] ?? NaN) - value) / Math.abs(value);
    if (apart <= limit) continue;
    throw new UserError(
      `${contender.name}: expected the ${name} of ${reference.name} in step ${i + 1}, ${value} within ${limit} of ` +
        `it, got ${got[name]}`,
      {exit: exitCodes.numerical},
    );
  }
}
