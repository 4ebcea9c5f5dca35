import type {ClassSet, Domain} from '../data/domain.js';
import {exitCodes, UserError} from '../support/errors.js';
import {knownNames} from '../support/nearest-name.js';

/** The classes that images are sorted into. */
export interface ChosenClasses {
  /** The class set's name in the domain; `labels` or `raw` when the classes are the data's own labels. */
  readonly set: string;
  /** [c] labels as the data writes them. */
  readonly labels: readonly string[];
  /** [c] names that go into the templates. */
  readonly names: readonly string[];
}

/** Choices that need no domain: the data's own labels, made readable or as they are. */
export const ownLabelChoices = ['labels', 'raw'] as const;

export interface ClassChoice {
  /** Where the labels come from, for messages. */
  readonly place: string;
  /** The labels that occur, in any order, repeated or not. */
  readonly labels: Iterable<string>;
  readonly domain?: Pick<Domain, 'name' | 'classSets'> | undefined;
  /** A class set of the domain, `labels` or `raw`; undefined chooses. */
  readonly choice?: string | undefined;
}

/**
 * The classes for a set of labels: the choice if there is one; else the domain's smallest class set that has all
 * labels; without a domain the labels themselves, made readable.
 * @throws UserError when the choice is not known, or a label is not in the class set.
 */
export function chooseClasses({place, labels, domain, choice}: ClassChoice): ChosenClasses {
  const present = [...new Set(labels)].sort();
  if (choice === 'raw') return {set: 'raw', labels: present, names: present};
  if (choice === 'labels' || (choice === undefined && domain === undefined)) {
    return {set: 'labels', labels: present, names: present.map(readableName)};
  }
  const sets = Object.entries(domain?.classSets ?? {});
  const candidates = choice === undefined ? sets : sets.filter(([name]) => name === choice);
  if (choice !== undefined && candidates.length === 0) {
    const known = [...sets.map(([name]) => name), ...ownLabelChoices];
    throw new UserError(`--classes: expected a class set, got ${choice} (${knownNames(choice, known)})`);
  }
  const unknownIn = ([, set]: [string, ClassSet]) =>
    present.filter((label) => !Object.hasOwn(set.names, label));
  const ranked = candidates
    .map((entry) => ({entry, unknown: unknownIn(entry)}))
    .sort((a, b) => a.unknown.length - b.unknown.length || classCount(a.entry) - classCount(b.entry));
  const best = ranked[0];
  if (best === undefined || best.unknown.length > 0) throw unknownLabels(place, domain!.name, best);
  const [set, {names}] = best.entry;
  return {set, labels: Object.keys(names), names: Object.values(names)};
}

/** Whether no class set of a domain has any of the labels: then they are of another subject, and not misspelt. */
export function areForeign(labels: Iterable<string>, domain: Pick<Domain, 'classSets'>): boolean {
  const sets = Object.values(domain.classSets ?? {});
  return ![...labels].some((label) => sets.some(({names}) => Object.hasOwn(names, label)));
}

/** A label as words: `baseballDiamond`, `baseball_diamond` and `baseball-diamond` become `baseball diamond`. */
export function readableName(label: string): string {
  return label
    .replace(/([\p{Ll}\p{N}])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .replace(/[_\-\s]+/g, ' ')
    .trim()
    .toLowerCase();
}

function classCount([, {names}]: [string, ClassSet]): number {
  return Object.keys(names).length;
}

function unknownLabels(
  place: string,
  domain: string,
  best: {readonly entry: [string, ClassSet]; readonly unknown: readonly string[]} | undefined,
): UserError {
  const tryThis = '--classes labels, which takes the labels of the data as class names';
  if (best === undefined) {
    return new UserError(`${place}: expected a domain with class sets, got ${domain} that has none`, {
      tryThis,
      exit: exitCodes.data,
    });
  }
  const [[set, {names}], unknown] = [best.entry, best.unknown];
  const shown =
    unknown.slice(0, 8).join(', ') + (unknown.length > 8 ? `, and ${unknown.length - 8} more` : '');
  const known = knownNames(unknown[0]!, Object.keys(names));
  return new UserError(
    `${place}: expected labels of class set ${set} of domain ${domain}, got ${shown} (${known})`,
    {tryThis, exit: exitCodes.data},
  );
}
