import {BugError} from '../support/errors.js';
import type {ClassSet} from './domain.js';

/**
 * A class set written as a list: labels parted by semicolons, each followed by `= readable name` where it differs from the
 * label (`beach; bareland = bare land`).
 * @throws BugError when a label is given twice
 */
export function classList(text: string): ClassSet {
  const names: Record<string, string> = {};
  for (const entry of text.split(';').map((part) => part.trim())) {
    if (entry === '') continue;
    const [label, name] = entry.split('=').map((side) => side.trim().replaceAll(/\s+/g, ' '));
    if (Object.hasOwn(names, label!))
      throw new BugError(`class list: expected each label once, got ${label} twice`);
    names[label!] = name ?? label!;
  }
  return {names};
}
