import {clauses} from './stems.js';

/** So many captions, and this share of them, are of the greatest length when a limit has cut them. */
const fewestCut = 3;
const leastCutShare = 0.01;

/**
 * Words in lower case that are the debris of captions cut at a number of characters (`Simpso`): they stand only at the
 * very end of the longest captions and begin another, more frequent word. None when no limit shows in the lengths.
 */
export function truncatedWords(captions: readonly string[]): ReadonlySet<string> {
  const limit = captions.reduce((longest, {length}) => Math.max(longest, length), 0);
  const isCut = (caption: string) => caption.length >= limit - 1 && /[\p{L}\p{N}]$/u.test(caption);
  const cut = captions.filter(isCut);
  if (cut.length < fewestCut || cut.length < leastCutShare * captions.length) return new Set();
  const counts = new Map<string, {all: number; last: number}>();
  for (const caption of captions) {
    const words = clauses(caption.toLowerCase()).flat();
    words.forEach((word, place) => {
      const count = counts.get(word) ?? {all: 0, last: 0};
      count.all += 1;
      if (place === words.length - 1 && isCut(caption)) count.last += 1;
      counts.set(word, count);
    });
  }
  const lastOnly = [...counts].filter(([, {all, last}]) => all === last).map(([word]) => word);
  return new Set(lastOnly.filter((word) => beginsAnother(word, counts)));
}

function beginsAnother(word: string, counts: ReadonlyMap<string, {readonly all: number}>): boolean {
  const own = counts.get(word)!.all;
  return [...counts].some(
    ([other, {all}]) => other.length > word.length && all >= own && other.startsWith(word),
  );
}
