import inflectors from 'natural/lib/natural/inflectors/index.js';
import stemmers from 'natural/lib/natural/stemmers/index.js';

/** Letters and digits of any script, apostrophes between them included. */
const word = /[\p{L}\p{M}\p{N}]+(?:['’][\p{L}\p{M}\p{N}]+)*/gu;

/** Where a clause ends: no phrase goes across. */
const clauseEnd = /[.,;:!?]+(?=\s|$)/u;

/** Plurals in -ves that the inflector does not know. */
const vesPlurals = ['dwarf', 'elf', 'hoof', 'scarf', 'wharf'] as const;

/** The words of a text as written, clause by clause: `Red boats, a pier.` -> [[Red, boats], [a, pier]]. */
export function clauses(text: string): string[][] {
  return text.split(clauseEnd).flatMap((clause) => {
    const words = clause.match(word);
    return words === null ? [] : [[...words]];
  });
}

/**
 * A function that gives the form all inflections of an English word share: lower case, without possessive, singular,
 * Porter's stem (Porter, An algorithm for suffix stripping, 1980). Words of other scripts keep their letters. It
 * remembers what it was asked: captions repeat their words.
 */
export function stemmer(): (written: string) => string {
  const inflector = new inflectors.NounInflector();
  const known = new Map<string, string>();
  const stemOf = (written: string) => {
    const lower = written
      .normalize('NFKC')
      .toLowerCase()
      .replace(/['’]s?$/u, '');
    if (!/^[a-z]+$/.test(lower)) return lower;
    return stemmers.PorterStemmer.stem(singular(lower, inflector));
  };
  return (written) => {
    const found = known.get(written) ?? stemOf(written);
    known.set(written, found);
    return found;
  };
}

/** The singular of an irregular plural; Porter's rules see to the others, and better (`vases`, `waves`). */
function singular(
  lower: string,
  inflector: {singularize(w: string): string; pluralize(w: string): string},
): string {
  const ves = vesPlurals.find((noun) => lower === noun.replace(/f$/, 'ves'));
  if (ves !== undefined) return ves;
  const one = inflector.singularize(lower);
  const isRegular = lower === `${one}s` || lower === `${one}es`;
  const isIrregular = !isRegular && inflector.pluralize(one) === lower;
  return isIrregular ? one : lower;
}
