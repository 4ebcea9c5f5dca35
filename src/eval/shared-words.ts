/** How much of their words images have in common, in [0, 1]. */
export interface SharedWords {
  /** With the most similar other image. */
  readonly alike: number;
  /** With any other image. */
  readonly chance: number;
}

/**
 * Mean intersection over union of the words of an image and those of another one, over the images that have words; 0 below two images.
 * Well above chance, what is said of an image tells something about those that look like it.
 * @param nearest [n], the most similar other image of each
 * @param wordsOf of each image
 */
export function sharedWords(nearest: Int32Array, wordsOf: readonly ReadonlySet<string>[]): SharedWords {
  const numbers = numbered(wordsOf);
  const worded = [...numbers.keys()].filter((i) => numbers[i]!.length > 0);
  if (worded.length === 0 || nearest.length < 2) return {alike: 0, chance: 0};
  let [alike, any] = [0, 0];
  for (const i of worded) {
    alike += overlap(numbers[i]!, numbers[nearest[i]!]!);
    for (const j of numbers.keys()) if (j !== i) any += overlap(numbers[i]!, numbers[j]!);
  }
  return {alike: alike / worded.length, chance: any / (worded.length * (nearest.length - 1))};
}

/** Words as numbers in ascending order. */
function numbered(wordsOf: readonly ReadonlySet<string>[]): Int32Array[] {
  const known = new Map<string, number>();
  const numberOf = (word: string) => {
    const number = known.get(word) ?? known.size;
    known.set(word, number);
    return number;
  };
  return wordsOf.map((words) => Int32Array.from([...words].map(numberOf)).sort());
}

/** Intersection over union of two sets, each in ascending order. */
function overlap(a: Int32Array, b: Int32Array): number {
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const difference = a[i]! - b[j]!;
    if (difference === 0) common++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  return common === 0 ? 0 : common / (a.length + b.length - common);
}
