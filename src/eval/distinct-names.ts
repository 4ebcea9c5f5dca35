/** A set that is measured: its name, and the split that was asked for. */
export interface NamedSet {
  readonly name: string;
  readonly split: string | undefined;
}

/**
 * A name of its own for each set, so that no figure hides another: the set's name where it is the only one, else with
 * its split, else with a number.
 */
export function distinctNames(sets: readonly NamedSet[]): string[] {
  const isShared = (names: readonly string[], i: number) =>
    names.filter((name) => name === names[i]).length > 1;
  const plain = sets.map(({name}) => name);
  const withSplit = sets.map(({name, split}, i) =>
    isShared(plain, i) && split !== undefined ? `${name}-${split}` : name,
  );
  const taken = new Set<string>();
  return withSplit.map((name) => {
    let own = name;
    for (let n = 2; taken.has(own); n++) own = `${name}-${n}`;
    taken.add(own);
    return own;
  });
}
