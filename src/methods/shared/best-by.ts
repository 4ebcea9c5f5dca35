import {BugError} from '../../support/errors.js';

/** The item with the highest score; of equal ones the first. */
export function bestBy<T>(items: readonly T[], score: (item: T) => number): T {
  const [first, ...rest] = items.map((item) => ({item, value: score(item)}));
  if (!first) throw new BugError('bestBy: expected at least one item, got none');
  return rest.reduce((best, each) => (each.value > best.value ? each : best), first).item;
}
