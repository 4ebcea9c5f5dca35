import {compareCodePoints} from './code-point-order.js';
import {spool, valuesInMemory, type Spool} from './spool.js';

/**
 * Collects plain data and gives it back in the code-point order of a key, however much it is: parts are sorted in
 * memory, kept in files and merged. Of values with one key the last that was added is kept.
 */
export function sortingSpool<T>(
  keyOf: (value: T) => string,
  inMemory = valuesInMemory,
): Pick<Spool<T>, 'add' | 'finish'> {
  const runs: (readonly T[])[] = [];
  let part: T[] = [];
  const endRun = () => {
    const sorted = withoutRepeats(
      part.sort((a, b) => compareCodePoints(keyOf(a), keyOf(b))),
      keyOf,
    );
    part = [];
    return sorted;
  };
  return {
    add(value) {
      part.push(value);
      if (part.length >= inMemory) runs.push(toFile(endRun()));
    },
    finish: () => (runs.length === 0 ? endRun() : merge([...runs, endRun()], keyOf)),
  };
}

/** Of neighbours with one key the last. */
function withoutRepeats<T>(sorted: readonly T[], keyOf: (value: T) => string): readonly T[] {
  return sorted.filter((value, i) => i + 1 === sorted.length || keyOf(value) !== keyOf(sorted[i + 1]!));
}

function toFile<T>(values: readonly T[]): readonly T[] {
  const file = spool<T>(0);
  for (const value of values) file.add(value);
  return file.finish();
}

/** Merges sorted runs; of equal keys the one of the last run is kept. */
function merge<T>(runs: readonly (readonly T[])[], keyOf: (value: T) => string): readonly T[] {
  const merged = spool<T>(0);
  const fronts = runs.flatMap((run) => (run.length === 0 ? [] : [{run, next: 0, key: keyOf(run[0]!)}]));
  while (fronts.length > 0) {
    let least = fronts[0]!;
    for (const front of fronts) if (compareCodePoints(front.key, least.key) <= 0) least = front;
    const {key} = least;
    merged.add(least.run[least.next]!);
    for (let i = fronts.length - 1; i >= 0; i--) {
      const front = fronts[i]!;
      if (front.key !== key) continue;
      front.next++;
      if (front.next === front.run.length) fronts.splice(i, 1);
      else front.key = keyOf(front.run[front.next]!);
    }
  }
  return merged.finish();
}

/** The value with a key in a list that is sorted by it, by halving. */
export function findSorted<T>(sorted: readonly T[], key: string, keyOf: (value: T) => string): T | undefined {
  let low = 0;
  let high = sorted.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const value = sorted[middle]!;
    const order = compareCodePoints(keyOf(value), key);
    if (order === 0) return value;
    if (order < 0) low = middle + 1;
    else high = middle - 1;
  }
  return undefined;
}
