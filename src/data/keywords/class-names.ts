import {UserError} from '../../support/errors.js';
import {knownNames} from '../../support/nearest-name.js';
import type {Domain} from '../domain.js';
import {clauses, stemmer} from './stems.js';

const reference = /^class-names(?::(?<sets>.*))?$/;

/** The class sets that `class-names:SET,SET` names, none for `class-names` alone; null for anything else. */
export function classNameReference(asked: string): readonly string[] | null {
  const match = reference.exec(asked);
  if (match === null) return null;
  return match.groups?.['sets']?.split(',').map((set) => set.trim()) ?? [];
}

/**
 * The readable names of a domain's classes, of the named sets or of all, each once.
 * @throws UserError (usage) naming the known sets when one is not there
 */
export function classNamesOf(domain: Pick<Domain, 'name' | 'classSets'>, sets: readonly string[]): string[] {
  const known = Object.keys(domain.classSets);
  const chosen = sets.length === 0 ? known : sets;
  const names = chosen.flatMap((set) => {
    const found = Object.hasOwn(domain.classSets, set) ? domain.classSets[set] : undefined;
    if (found === undefined) {
      throw new UserError(
        `class names of ${domain.name}: expected a class set, got ${set} (${knownNames(set, known)})`,
      );
    }
    return Object.values(found.names);
  });
  return [...new Set(names)];
}

/** How many of the keywords name a class of the domain, as its data or its readable names write it. */
export function countClassNames(keywords: readonly string[], {classSets}: Pick<Domain, 'classSets'>): number {
  const stemOf = stemmer();
  const key = (name: string) => clauses(name).flat().map(stemOf).join(' ');
  const sets = Object.values(classSets).flatMap(({names}) => Object.entries(names).flat());
  const named = new Set(sets.map(key));
  return keywords.filter((keyword) => named.has(key(keyword))).length;
}
