import {UserError} from '../../support/errors.js';
import {knownNames} from '../../support/nearest-name.js';

/** What may be left out or changed, each with its threshold: FILIP's rules (arXiv:2111.07783) and two of ours. */
export const cleanFilters = {
  tidy: {value: null, isFilip: false, says: 'captions without mark-up, web addresses and stray blanks'},
  duplicates: {value: null, isFilip: false, says: 'no image twice, byte for byte'},
  'short-side': {value: 200, isFilip: true, says: 'no images whose shorter side has fewer pixels'},
  aspect: {
    value: 3,
    isFilip: true,
    says: 'no images whose longer side is more than so many times the shorter',
  },
  language: {value: 'en', isFilip: true, says: 'no captions that are surely in another language'},
  repeated: {value: 10, isFilip: true, says: 'no captions that come more often'},
  names: {value: 'person', isFilip: true, says: 'this word in place of the names of persons'},
} as const satisfies Readonly<
  Record<string, {readonly value: number | string | null; readonly isFilip: boolean; readonly says: string}>
>;

export type FilterName = keyof typeof cleanFilters;

/** The filters that are asked for, with their thresholds; null: it takes none. */
export type ChosenFilters = Readonly<Partial<Record<FilterName, number | string | null>>>;

const names = Object.keys(cleanFilters) as FilterName[];

/** All of FILIP's rules, with its thresholds. */
export function filipFilters(): ChosenFilters {
  const filip = names.filter((name) => cleanFilters[name].isFilip);
  return Object.fromEntries(filip.map((name) => [name, cleanFilters[name].value]));
}

/**
 * `short-side=128` -> a filter and its threshold; without a value the usual one.
 * @throws UserError for an unknown name or a value that it does not take
 */
export function chosenFilters(written: readonly string[], base: ChosenFilters = {}): ChosenFilters {
  const chosen: Record<string, number | string | null> = {...base};
  for (const one of written) {
    const [, name, value] = /^([^=]*)(?:=(.*))?$/s.exec(one)!;
    if (!names.includes(name as FilterName)) {
      throw new UserError(`--filter: expected a known filter, got ${name} (${knownNames(name!, names)})`);
    }
    const {value: usual} = cleanFilters[name as FilterName];
    chosen[name!] = value === undefined ? usual : valueOf(one, value, usual);
  }
  return chosen;
}

function valueOf(one: string, value: string, usual: number | string | null): number | string {
  const fails = (expected: string) => new UserError(`--filter ${one}: expected ${expected}, got ${value}`);
  if (usual === null) throw fails('no value');
  if (typeof usual === 'string') {
    if (value.trim() === '') throw fails('a word');
    return value.trim();
  }
  const number = Number(value);
  if (value.trim() === '' || !(number > 0)) throw fails('a number above 0');
  return number;
}
