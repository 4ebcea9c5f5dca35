import type {Scalar} from '@tensorflow/tfjs-core';
import type {StepNumbers, StepOutput} from './step.js';

/** Names of what a step reports beside its loss and its gradient norm. */
export interface ReportedNames {
  readonly terms: readonly string[];
  readonly logged: readonly string[];
}

type Reported = Pick<StepOutput, 'terms' | 'logged'>;

export function reportedNames({terms, logged = {}}: Reported): ReportedNames {
  return {terms: Object.keys(terms), logged: Object.keys(logged)};
}

/** The values of {@link reportedNames}, in that order. */
export function reportedValues({terms, logged = {}}: Reported): Scalar[] {
  return [...Object.values(terms), ...Object.values(logged)];
}

/** A step's numbers from one row of them: loss, gradient norm, terms, what is logged. */
export function stepNumbers(row: ArrayLike<number>, {terms, logged}: ReportedNames): StepNumbers {
  const named = (names: readonly string[], first: number) =>
    Object.fromEntries(names.map((name, i) => [name, row[first + i]!]));
  return {
    loss: row[0]!,
    gradientNorm: row[1]!,
    terms: named(terms, 2),
    ...(logged.length > 0 && {logged: named(logged, 2 + terms.length)}),
  };
}
