import {stat} from 'node:fs/promises';
import {problemKinds, type FoundProblem, type ProblemKind} from '../../data/check/problem-kinds.js';
import {spool} from '../../data/spool.js';
import {writeAtomically} from '../../support/atomic-file.js';
import {UserError} from '../../support/errors.js';
import {knownNames} from '../../support/nearest-name.js';
import type {CheckReport, CheckedSet, RowProblem} from './check-report.js';
import type {OpenedToCheck} from './checked-sets.js';

/** Collects problems without growing the memory. */
export interface ProblemList {
  add(set: number, row: number, problems: readonly FoundProblem[]): void;
  /** A fault of a row that could not be read. */
  addFault(set: number, message: string): void;
  /** Where a person finds a row; without what it has in common with the rows of the set that it is told to. */
  placeOf(set: number, row: number, toldTo?: number): string;
  counts(set: number): CheckedSet['problems'];
  /** Rows with at least one problem that counts. */
  badRows(): number;
  first(): Pick<CheckReport, 'problems' | 'notListed'>;
  /** Writes all of them to a file, one JSON object a line. */
  write(out: string | undefined): Promise<void>;
}

export interface ProblemListOptions {
  /** Kinds that count as bad; undefined: the usual ones. */
  readonly bad: readonly string[] | undefined;
  /** How many the report lists. */
  readonly listed: number;
}

/** @throws UserError for a kind of problem that is not known */
export function problemList(sets: readonly OpenedToCheck[], {bad, listed}: ProblemListOptions): ProblemList {
  const isBad = badKinds(bad);
  const problems = spool<RowProblem>();
  const counts = sets.map(() => new Map<ProblemKind, number>());
  const flags = sets.map(({rows}) => new Uint8Array(rows.length));
  let badFaults = 0;
  const placeOf = (set: number, row: number, toldTo?: number) => {
    const {path, rows} = sets[set]!;
    const {found, file} = rows[row]!;
    return set === toldTo ? file : (found?.place ?? `${path}: ${file}`);
  };
  const put = (set: number, place: string, {kind, detail}: FoundProblem) => {
    const {role, path} = sets[set]!;
    problems.add({role, path, place, kind, detail, bad: isBad.has(kind)});
    counts[set]!.set(kind, (counts[set]!.get(kind) ?? 0) + 1);
  };
  return {
    placeOf,
    add(set, row, found) {
      for (const problem of found) put(set, placeOf(set, row), problem);
      if (found.some(({kind}) => isBad.has(kind))) flags[set]![row] = 1;
    },
    addFault(set, message) {
      put(set, sets[set]!.path, {kind: 'unreadable-row', detail: message});
      if (isBad.has('unreadable-row')) badFaults++;
    },
    counts: (set) => Object.fromEntries([...counts[set]!].sort(([a], [b]) => order(a) - order(b))),
    badRows: () =>
      flags.reduce((sum, rows) => sum + rows.reduce((count, flag) => count + flag, 0), badFaults),
    first() {
      const shown = Math.min(listed, problems.length);
      const first = Array.from({length: shown}, (_, i) => problems.at(i));
      return {problems: first, notListed: problems.length - shown};
    },
    async write(out) {
      if (out === undefined) return;
      await writeAtomically(out, async (file) => {
        for (let i = 0; i < problems.length; i++) await file.write(`${JSON.stringify(problems.at(i))}\n`);
      });
    },
  };
}

const kinds = Object.keys(problemKinds) as ProblemKind[];

function order(kind: ProblemKind): number {
  return kinds.indexOf(kind);
}

function badKinds(named: readonly string[] | undefined): ReadonlySet<string> {
  if (named === undefined) return new Set(kinds.filter((kind) => problemKinds[kind].isBad));
  for (const name of named) {
    if (!kinds.includes(name as ProblemKind)) {
      throw new UserError(`--bad: expected a known problem, got ${name} (${knownNames(name, kinds)})`);
    }
  }
  return new Set(named);
}

/** @throws UserError when the file cannot be new */
export async function refuseProblemFile(out: string): Promise<void> {
  if (!out.endsWith('.jsonl')) {
    throw new UserError(`--out: expected a file that ends with .jsonl, got ${out}`);
  }
  if ((await stat(out).catch(() => undefined))?.isDirectory() === true) {
    throw new UserError(`--out: expected a file, got the folder ${out}`);
  }
}
