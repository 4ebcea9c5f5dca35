import {labelSplit} from './label-split.js';

/** What a split looks at in a row. */
export interface SplitRow {
  /** Rows of one group stay together. */
  readonly group: string;
  /** Null: the row has no class. */
  readonly label: string | null;
}

export interface FewShotRequest {
  /** This share of the groups, or so many images a class. */
  readonly take: {readonly ratio: number} | {readonly shots: number};
  /** Whether the share is taken of each class by itself. */
  readonly stratified: boolean;
  readonly seed: number;
}

/**
 * Which rows are chosen. A ratio takes the first trunc(n ratio) of a seeded permutation of the groups, so that single rows
 * give the subsets that S-CLIP was published with (arXiv:2305.14095, its code); by class it takes at least one group of
 * each. So many shots take groups of a class, in the order of its permutation, until there are as many images.
 * The class of a group is that of its first row.
 * @returns [n] one flag a row; rows without a class are never chosen where classes count.
 */
export function fewShotSplit(
  rows: readonly SplitRow[],
  {take, stratified, seed}: FewShotRequest,
): readonly boolean[] {
  const groups = groupsOf(rows);
  const chosen = new Set<Group>();
  if ('ratio' in take && !stratified) {
    for (const i of labelSplit(groups.length, take.ratio, seed).labelled) chosen.add(groups[i]!);
  } else {
    for (const members of byClass(groups).values()) {
      const order = labelSplit(members.length, 1, seed).labelled.map((i) => members[i]!);
      for (const group of 'ratio' in take ? share(order, take.ratio) : shots(order, take.shots))
        chosen.add(group);
    }
  }
  const flags = rows.map(() => false);
  for (const {numbers} of chosen) for (const i of numbers) flags[i] = true;
  return flags;
}

interface Group {
  readonly label: string | null;
  readonly numbers: number[];
}

/** Groups in the order of their first rows. */
function groupsOf(rows: readonly SplitRow[]): readonly Group[] {
  const groups = new Map<string, Group>();
  rows.forEach(({group, label}, i) => {
    const known = groups.get(group);
    if (known === undefined) groups.set(group, {label, numbers: [i]});
    else known.numbers.push(i);
  });
  return [...groups.values()];
}

function byClass(groups: readonly Group[]): ReadonlyMap<string, readonly Group[]> {
  const classes = new Map<string, Group[]>();
  for (const group of groups) {
    if (group.label === null) continue;
    const known = classes.get(group.label);
    if (known === undefined) classes.set(group.label, [group]);
    else known.push(group);
  }
  return classes;
}

function share(order: readonly Group[], ratio: number): readonly Group[] {
  return order.slice(0, ratio === 0 ? 0 : Math.max(1, Math.trunc(order.length * ratio)));
}

function shots(order: readonly Group[], count: number): readonly Group[] {
  let images = 0;
  return order.filter(({numbers}) => {
    const isWanted = images < count;
    if (isWanted) images += numbers.length;
    return isWanted;
  });
}
