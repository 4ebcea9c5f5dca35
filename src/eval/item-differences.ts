import {BugError} from '../support/errors.js';
import type {ItemScores} from './bootstrap.js';

/** What models scored on the same queries, item by item, in the mean of the models. */
export function meanScores(models: readonly ItemScores[]): ItemScores {
  const [first] = models;
  if (first === undefined) throw new BugError('meanScores: expected at least one model, got none');
  for (const other of models) refuseOtherItems(first, other);
  const sums = Float64Array.from(
    {length: first.sums.length},
    (_, i) => models.reduce((sum, {sums: own}) => sum + own[i]!, 0) / models.length,
  );
  return {...first, sums};
}

/**
 * Half the width of the 95 % interval of how much better `after` is than `before` on the same n queries, over the choice of the
 * items: 1.96 standard errors of the difference of two ratios (linearised; Cochran 1977, section 6.3), within each class where
 * a metric is the mean over classes. Near what {@link pairedInterval} draws, without drawing. A class of one item adds nothing.
 */
export function itemHalfWidth(before: ItemScores, after: ItemScores): number {
  refuseOtherItems(before, after);
  const groups = Object.values(itemsByGroup(after));
  const variance = groups.reduce((sum, items) => sum + ratioVariance(items, before, after), 0);
  return (1.96 * Math.sqrt(variance)) / groups.length;
}

/** Item numbers of each class; of all items where there are no classes. Items without a query do not count. */
function itemsByGroup({counts, groups}: ItemScores): Record<number, number[]> {
  const found: Record<number, number[]> = {};
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] !== 0) (found[groups?.[i] ?? 0] ??= []).push(i);
  }
  return found;
}

/** Variance of the difference of sum(sums) / sum(counts) over the choice of the items. */
function ratioVariance(items: readonly number[], before: ItemScores, after: ItemScores): number {
  const n = items.length;
  if (n < 2) return 0;
  const gains = items.map((i) => after.sums[i]! - before.sums[i]!);
  const counts = items.map((i) => after.counts[i]!);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const gain = gains.reduce((sum, value) => sum + value, 0) / total;
  const squares = gains.reduce((sum, value, k) => sum + (value - gain * counts[k]!) ** 2, 0);
  return (squares * n) / ((n - 1) * total ** 2);
}

function refuseOtherItems(one: ItemScores, other: ItemScores): void {
  if (one.counts.length !== other.counts.length) {
    throw new BugError(
      `expected the same items in both models, got ${one.counts.length} and ${other.counts.length}`,
    );
  }
  for (let i = 0; i < one.counts.length; i++) {
    if (one.counts[i] === other.counts[i]) continue;
    throw new BugError(`item ${i}: expected ${one.counts[i]} queries in both models, got ${other.counts[i]}`);
  }
}
