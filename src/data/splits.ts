import {UserError} from '../support/errors.js';
import {knownNames} from '../support/nearest-name.js';

/** What a set is opened for; it decides which split is taken when none is asked for. */
export type Purpose = 'training' | 'evaluation' | 'pool';

/** Asks for the rows of all splits. */
const allSplits = 'all';

const aliases: ReadonlyMap<string, string> = new Map([
  ['train', 'train'],
  ['training', 'train'],
  ['val', 'val'],
  ['valid', 'val'],
  ['validation', 'val'],
  ['test', 'test'],
  ['testing', 'test'],
  // Karpathy's name for the images that COCO's validation set lends to training
  ['restval', 'train'],
]);

/** All names that are known for splits. */
export const splitNames: readonly string[] = [...aliases.keys()];

const preferred: Readonly<Record<Purpose, readonly string[]>> = {
  training: ['train'],
  evaluation: ['test', 'val'],
  pool: [],
};

/** One spelling for the same split: `validation`, `valid` and `val` are `val`; other names stay as they are. */
export function canonicalSplit(written: string): string {
  const name = written.trim().toLowerCase();
  return aliases.get(name) ?? name;
}

/** Whether a folder of this name holds a split rather than a class. */
export function isSplitName(folder: string): boolean {
  return aliases.has(folder.toLowerCase());
}

/**
 * The split to read, canonical, or null for all rows. What is asked for must be there; otherwise training takes
 * `train`, evaluation takes `test`, else `val`, and both take everything when they find none of these.
 * @throws UserError (usage) when the split asked for is unknown.
 */
export function chooseSplit(
  known: ReadonlySet<string>,
  {split, purpose}: {split: string | undefined; purpose: Purpose},
  where: string,
): string | null {
  if (split === undefined) return preferred[purpose].find((name) => known.has(name)) ?? null;
  const asked = canonicalSplit(split);
  if (asked === allSplits) return null;
  if (known.has(asked)) return asked;
  if (known.size === 0) throw new UserError(`${where}: expected no split, got ${split} (the set has none)`);
  throw new UserError(
    `${where}: expected a known split, got ${split} (${knownNames(asked, [...known, allSplits])})`,
  );
}
