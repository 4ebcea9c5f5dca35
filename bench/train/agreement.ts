import {exitCodes, UserError} from '../../src/support/errors.js';
import type {Device, Precision} from './contenders.js';

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

interface Bounds {
  readonly loss: number;
  readonly gradientNorm: number;
}

/**
 * How far losses and terms may be apart, relative; bfloat16 keeps 8 bits of each factor, TF32 on a GPU 11. The norm of
 * the gradients shows a wrong backward pass, which a loss near that of chance would not; it is a sum over all weights,
 * whose gradients are rounded layer by layer. In bfloat16 features of random weights lie so close together that rounding
 * changes which caption is nearest: PyTorch's own loss of S-CLIP moved by 2.6 %.
 */
function boundsOf(precision: Precision, device: Device): Bounds {
  if (precision === 'bf16') return {loss: 5e-2, gradientNorm: 1e-1};
  return device === 'cuda' ? {loss: 1e-2, gradientNorm: 5e-2} : {loss: 1e-3, gradientNorm: 1e-2};
}

/**
 * Makes sure that all contenders compute the same thing: the first of them in fp32 is what the others are held to.
 * @throws UserError (exit `numerical`) naming the contender and the number that differs
 */
export function checkAgreement(contenders: readonly FirstSteps[], device: Device): void {
  const reference = contenders.find(({precision}) => precision === 'fp32') ?? contenders[0];
  if (reference === undefined) return;
  // both of two in bfloat16 may be that far from float32, in either direction
  const sides = reference.precision === 'bf16' ? 2 : 1;
  for (const contender of contenders) {
    const {loss, gradientNorm} = boundsOf(contender.precision, device);
    const bounds = {loss: sides * loss, gradientNorm: sides * gradientNorm};
    contender.steps.forEach((step, i) => {
      compareStep(contender, reference, {step, expected: reference.steps[i]!, i, bounds});
    });
  }
}

interface Compared {
  readonly step: StepRecord;
  readonly expected: StepRecord;
  readonly i: number;
  readonly bounds: Bounds;
}

function compareStep(
  contender: FirstSteps,
  reference: FirstSteps,
  {step, expected, i, bounds}: Compared,
): void {
  const numbers = (record: StepRecord) => ({loss: record.loss, ...record.terms});
  const all = [
    ...Object.entries(numbers(expected)).map(([name, value]) => [name, value, bounds.loss] as const),
    ['gradientNorm', expected.gradientNorm, bounds.gradientNorm] as const,
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
