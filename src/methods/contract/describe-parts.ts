import {wholeFormula, type TermDescription} from './describe-method.js';
import type {Formula} from './method.js';
import type {Part} from './parts.js';
import {supervisedFormula} from './supervised.js';

/** A term of a run: its weight is a number. */
export interface WeightedTerm extends TermDescription {
  readonly weight: number;
  /** Whether the weight changes from step to step; `weight` is then what it comes to. */
  readonly scheduled: boolean;
}

/** All terms of a run in their order and by the names of its events, with the weights that they have; none at weight 0. */
export function describeParts(parts: readonly Part[]): WeightedTerm[] {
  const [only] = parts;
  if (parts.length === 1) return termsOf(only!, wholeFormula(only!.method), '');
  const claimant = parts.find(({method}) => method.claims?.includes('pairs'));
  const owner = claimant?.method.formula.pairs ? claimant : parts.find(({method}) => method.formula.pairs);
  const pairs = owner
    ? termsOf({...owner, weight: 1}, owner.method.formula.pairs!, '')
    : termsOf({...only!, weight: 1}, supervisedFormula, '');
  const others = parts.flatMap((part, i) =>
    termsOf(part, part.method.formula.terms ?? {}, i === 0 ? '' : `${part.method.name}.`),
  );
  return [...pairs, ...others];
}

function termsOf({method, params, weight: factor}: Part, formula: Formula, prefix: string): WeightedTerm[] {
  const schedule = method.schedule?.({step: 0, steps: 1}, params) ?? {};
  return Object.entries(formula)
    .map(([name, {weight, value}]) => ({
      name: `${prefix}${name}`,
      weight: (typeof weight === 'number' ? weight : Number(params[weight])) * factor,
      scheduled: typeof weight === 'string' && weight in schedule,
      value,
    }))
    .filter(({weight}) => weight !== 0);
}
