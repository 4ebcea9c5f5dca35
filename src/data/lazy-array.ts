/**
 * An array whose items are made when they are asked for: a million rows cost no more memory than one. Whatever copies
 * it (`map`, spread) makes all items.
 */
export function lazyArray<T>(length: number, at: (index: number) => T): readonly T[] {
  const indexOf = (key: string | symbol): number | undefined => {
    const index = typeof key === 'string' && /^\d+$/.test(key) ? Number(key) : undefined;
    return index !== undefined && index < length ? index : undefined;
  };
  return new Proxy<T[]>([], {
    get(target, key): unknown {
      if (key === 'length') return length;
      const index = indexOf(key);
      return index === undefined ? Reflect.get(target, key) : at(index);
    },
    has: (target, key) => indexOf(key) !== undefined || Reflect.has(target, key),
    set: () => false,
  });
}

/** An array with every item changed: at once when it is short, else item by item when it is asked for. */
export function lazyMap<T, U>(items: readonly T[], change: (item: T) => U, short = 50_000): readonly U[] {
  if (items.length <= short) return items.map(change);
  return lazyArray(items.length, (index) => change(items[index]!));
}

/** One array after another, without a copy of a long one. */
export function lazyConcat<T>(first: readonly T[], second: readonly T[], short = 50_000): readonly T[] {
  if (first.length === 0) return second;
  if (first.length + second.length <= short) return [...first, ...second];
  return lazyArray(first.length + second.length, (index) =>
    index < first.length ? first[index]! : second[index - first.length]!,
  );
}
