import {BugError} from '../../support/errors.js';

/** What the name of a wheel says (PEP 427). */
export interface WheelName {
  /** As pip takes it, with hyphens: `tensorflow-cpu`. */
  readonly project: string;
  readonly version: string;
  /** `cp311`, `py3`. */
  readonly python: string;
  /** `manylinux_2_27_x86_64`; several when the wheel serves several. */
  readonly platforms: readonly string[];
}

const wheelPattern =
  /^(?<project>[A-Za-z0-9_.]+)-(?<version>[A-Za-z0-9_.!+]+)(-\d[^-]*)?-(?<python>[^-]+)-[^-]+-(?<platforms>[^-]+)\.whl$/;

/** Reads a wheel's file name; undefined when it is none. */
export function parseWheelName(file: string): WheelName | undefined {
  const groups = wheelPattern.exec(file)?.groups;
  if (groups === undefined) return undefined;
  return {
    project: groups['project']!.replaceAll(/[_.]+/g, '-').toLowerCase(),
    version: groups['version']!,
    python: groups['python']!,
    platforms: groups['platforms']!.split('.'),
  };
}

/** {@link parseWheelName} for the names we wrote ourselves. */
export function pinnedWheelName(file: string): WheelName {
  const name = parseWheelName(file);
  if (name === undefined) throw new BugError(`wheels: expected the file name of a wheel, got ${file}`);
  return name;
}
